// Moves reshards on: tells the bot what the store says, writes down what this node has of it, and, on the one
// node that the picture names, decides and writes the decision back.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "base/metrics.hpp"
#include "bot/operation_writer.hpp"
#include "bot/reshard_desk.hpp"

namespace guildfleet::bot {

// To the bots of this node; any thread.
struct reshard_words {
  std::function<void(const store::bot_name&, reshard_order)> take_up{};
  std::function<std::optional<fleet::reshard_figures>(const store::bot_name&, std::uint64_t operation,
                                                      fleet::reshard_state)>
      figures{};
  // Others run it with another number of shards than this one.
  std::function<void(const store::bot_name&, std::uint32_t count)> step_aside{};
};

// All of it outlives the driver.
struct reshard_driver_parts {
  store::node_identity self;
  std::shared_ptr<store::store> store;
  store::store_executor& store_thread;
  reshard_words words;
  std::function<void()> on_change;
  base::metrics& metrics;
  base::logger log;
};

// Lives on the reactor of the rollout_driver that asks it.
class reshard_driver final {
 public:
  explicit reshard_driver(reshard_driver_parts parts);

  // `of` has an active reshard.
  net::task<> tend(std::shared_ptr<const store::fleet_picture> seen, store::bot_release of);
  // Those that were active before and are not any more.
  net::task<> end_missing(std::shared_ptr<const store::fleet_picture> seen);
  [[nodiscard]] bool has_active() const { return !active_.empty(); }

 private:
  net::task<> write_sample(std::uint64_t id, fleet::reshard active);
  void show(const store::bot_name& bot, std::optional<fleet::reshard_state> state);

  reshard_driver_parts parts_;
  operation_writer writer_;
  std::map<store::bot_name, std::uint64_t> active_;  // with their rows
};

}  // namespace guildfleet::bot
