// Moves rollouts on, and has reshards moved on: writes down what this node did for a bot while one of its
// rollouts is active, and, on the one node that the picture names, judges, decides and writes the decision
// back.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "bot/operation_writer.hpp"
#include "bot/reshard_driver.hpp"
#include "fleet/release_figures.hpp"
#include "fleet/rollout_step.hpp"
#include "net/async_event.hpp"
#include "store/store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

struct rollout_driver_settings {
  store::node_identity self;
  std::string release;
  std::chrono::milliseconds sample_every{5'000};
  std::chrono::milliseconds sample_while_moving{1'000};
};

// All of it outlives the driver.
struct rollout_driver_parts {
  std::shared_ptr<store::store> store;
  store::store_executor& store_thread;
  // What this node counted for the bot; nullopt: it is none of its own.
  std::function<std::optional<fleet::release_figures>(const store::bot_name&)> figures;
  // The newest rollout of another bot, wherever it lies; nullopt: it had none, or the store does not answer.
  std::function<net::task<std::optional<fleet::rollout>>(store::bot_name)> newest;
  reshard_words reshards;           // may be empty where no bot is changed so
  std::function<void()> on_change;  // an operation took a step: all nodes are to look soon
  const base::clock& clock;
  base::metrics& metrics;
  base::logger log;
};

// Lives on one reactor.
class rollout_driver final {
 public:
  rollout_driver(net::asio::any_io_executor executor, rollout_driver_settings settings,
                 rollout_driver_parts parts);

  // What the store said last.
  void on_picture(const store::fleet_picture& seen);

  // Works until cancelled.
  net::task<> run();

 private:
  struct written_sample {
    base::steady_time at{};
    bool draining = false;
  };

  net::task<> tend(std::shared_ptr<const store::fleet_picture> seen, store::bot_release of);
  net::task<> wait_for_others(base::wall_time now, store::rollout_row row, fleet::rollout active);
  net::task<> write_sample(const fleet::rollout& active, bool draining);
  [[nodiscard]] net::task<std::vector<store::release_sample>> read_samples(const store::fleet_picture& seen,
                                                                           const fleet::rollout& active);
  net::task<> write_step(store::rollout_row row, fleet::rollout_step step);
  void show(const store::bot_name& bot, std::optional<fleet::rollout_state> state, double share);

  rollout_driver_settings settings_;
  rollout_driver_parts parts_;
  operation_writer writer_;
  reshard_driver reshards_;
  net::async_event news_;
  std::shared_ptr<const store::fleet_picture> seen_;
  std::map<store::bot_name, written_sample> samples_;  // the newest of each bot
  std::set<store::bot_name> shown_;                    // as having a rollout
};

}  // namespace guildfleet::bot
