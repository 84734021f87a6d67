// A node: all bots of one process on their event loops, with their stores and leases.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "bot/bot_runtime.hpp"
#include "bot/fleet_status.hpp"
#include "bot/fleet_stores.hpp"
#include "net/reactor.hpp"
#include "peer/peer_link.hpp"

namespace guildfleet::bot {

struct bot_plan {
  bot_settings settings;
  std::string sqlite_path;  // bots with the same path share the file; unused when all is in a database
};

struct fleet_settings {
  std::string fleet = "fleet";
  std::string node;
  std::string release;
  unsigned threads = 1;  // event loops for bots, at least 1
  fleet::lease_timing leases;
  std::uint32_t weight = 1;                  // this node's part of shards that several nodes share
  std::uint32_t moves_per_minute = 60;       // shards given to other nodes for the sake of balance
  std::optional<peer::peer_settings> peers;  // absent: nodes meet in the store only
  store::environment_name environment;
  database_settings database;
  std::optional<cache_settings> cache;
  std::string egress;         // name of the address that requests come from; empty: this host
  std::string egress_folder;  // of egress ledgers; empty: /var/tmp/guildfleet-<uid>
  std::vector<bot_plan> bots;
};

class fleet_runtime final : public fleet_status {
 public:
  // `control` runs the leases; its loop must turn from start() until run() has ended. `clock` and `metrics`
  // must outlive the fleet.
  fleet_runtime(net::asio::any_io_executor control, fleet_settings settings, const base::clock& clock,
                base::metrics& metrics);
  ~fleet_runtime() override;

  // Opens and migrates every store and makes the bots, before anything is sent to Discord. All errors, not
  // only the first, each once; with one, run() has nothing to do.
  [[nodiscard]] std::vector<base::error> open_stores();

  // On the control loop: runs the bots until stop(), or until all of them have stopped for good.
  net::task<> run();
  // Control loop. Bots finish what they do and keep their sessions for a successor.
  void stop();

  // What other nodes, and the command line, are told of this one; before open_stores().
  void tell_peers(std::function<std::string()> health) { peers_health_ = std::move(health); }

  // Where each bot's things are, from open_stores() on; they live as long as the fleet, on the control loop.
  [[nodiscard]] std::vector<std::pair<std::string, bot_stores>> stores_of_bots();

  // Any thread, from open_stores() on.
  [[nodiscard]] fleet_snapshot snapshot() const override;
  // On the control loop, from open_stores() on. Shards tell each minute.
  [[nodiscard]] memory_parts memory() const;

 private:
  void make_bots();
  void open_egress_ledger();
  [[nodiscard]] base::result<void> open_peer_link();
  [[nodiscard]] fleet_stores_settings stores_settings();
  [[nodiscard]] reshard_words words_of_reshards();
  net::task<> run_bot(bot_runtime& bot);
  [[nodiscard]] bot_runtime* bot_named(const store::bot_name& name);
  [[nodiscard]] std::optional<fleet::release_figures> figures_of(const store::bot_name& name);
  [[nodiscard]] net::task<std::optional<fleet::rollout>> newest_rollout(store::bot_name name);
  [[nodiscard]] net::task<std::string> serve_guest(peer::guest_question question);
  [[nodiscard]] net::task<bool> hear_note(peer::handover_note note);
  [[nodiscard]] net::task<bool> hear_word(peer::handover_word word);
  [[nodiscard]] handover_link heirs();

  net::asio::any_io_executor control_;
  fleet_settings settings_;
  const base::clock& clock_;
  base::metrics& metrics_;
  base::logger log_;
  base::steady_time started_;
  discord::invalid_request_guard guard_;
  settings::schema_catalogue schemas_;
  std::function<std::string()> peers_health_;
  std::unique_ptr<peer::peer_link> peers_;
  fleet_stores stores_;
  std::vector<std::unique_ptr<net::reactor>> reactors_;
  std::vector<std::unique_ptr<bot_runtime>> bots_;
  net::task_group bot_tasks_;
  net::task_group lease_tasks_;
  std::atomic<bool> stores_opened_{false};
  std::atomic<bool> stopping_{false};
};

}  // namespace guildfleet::bot
