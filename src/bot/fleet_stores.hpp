// The stores of a node: where each bot's leases, sessions and data lie, and what keeps settings current.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/secret.hpp"
#include "bot/lease_keeper.hpp"
#include "bot/rollout_driver.hpp"
#include "net/task_group.hpp"
#include "settings/change_feed.hpp"
#include "settings/settings_desk.hpp"
#include "store/opened_store.hpp"
#include "store/redis/request_share.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

struct database_settings {
  base::secret url;              // postgresql://...; empty: all is in SQLite files
  bool local_leases = false;     // leases and sessions stay in the SQLite files
  std::size_t connections = 4;   // at most
  bool listen = true;            // for changes of settings
  base::secret listen_url;       // empty: url
  std::string application_name;  // of the connections
};

struct cache_settings {
  store::redis_settings redis;
  std::string prefix;
};

struct fleet_stores_settings {
  store::node_identity node;
  fleet::lease_timing leases;
  store::node_report about{};           // what other nodes see of this one
  lease_words words{};                  // to the other nodes
  std::uint32_t moves_per_minute = 60;  // shards given to other nodes for the sake of balance
  // What this node counted for a bot of its own, for rollouts to be judged by.
  std::function<std::optional<fleet::release_figures>(const store::bot_name&)> figures{};
  std::function<net::task<std::optional<fleet::rollout>>(store::bot_name)> newest_rollout{};  // of any bot
  reshard_words reshards{};  // to the bots of this node
  store::environment_name environment;
  database_settings database;
  std::optional<cache_settings> cache;
};

// Where one bot's things are. All of it lives as long as the stores.
struct bot_stores {
  store::node_identity node{};  // this one
  std::shared_ptr<store::store> sessions;
  store::store_executor& session_thread;
  lease_keeper& leases;
  bool leases_shared = false;  // other nodes may hold shards of the same bot
  bool data_shared = false;    // other bots may have their data there too
  std::shared_ptr<store::data_store> data;
  store::store_executor& data_threads;
  settings::settings_desk& settings;
  settings::change_feed& changes;
  store::environment_name environment;
  store::request_share* requests = nullptr;  // at Redis, on `control`; null: there is none
  net::asio::any_io_executor control;
};

// open() and of() before the loops run; then everything lives on `control`.
class fleet_stores final {
 public:
  // `clock`, `metrics` and `schemas` outlive it.
  fleet_stores(net::asio::any_io_executor control, fleet_stores_settings settings, const base::clock& clock,
               base::metrics& metrics, const settings::schema_catalogue& schemas);
  ~fleet_stores();

  // Opens and migrates what the SQLite file `path` and the database hold for a bot; what is open already
  // serves the next one. Blocks. Errors: store_error.
  [[nodiscard]] base::result<void> open(const std::string& path);
  // After open(path) of every bot.
  [[nodiscard]] bot_stores of(const std::string& path);
  // Renews leases and follows changes until `tasks` are cancelled.
  void run(net::task_group& tasks);
  // Where other nodes reach this one; before open().
  void advertise(std::string address, std::string certificate);
  // Another node is about to hand this shard over. Any thread.
  void prepare(const store::lease_key& shard);
  // Another node says that leases changed. Any thread.
  void look_at_leases();
  // This node takes no shard any more; its own become the others' parts. Any thread.
  void drain();
  // Of all settings that are kept in memory. On `control`.
  [[nodiscard]] std::size_t settings_cache_bytes() const;
  // Redis and the listeners. On `control`.
  void close();
  // Refuses new calls, finishes accepted ones. Blocks; before the reactors of callers are destroyed.
  void stop_threads();

 private:
  struct session_place;
  struct data_place;
  struct shared_cache;

  base::result<void> open_file(const std::string& path);
  base::result<void> open_database();
  void open_cache();
  void leave_to_others(const store::fleet_picture& seen, const fleet::release_rules& rules) const;
  void add_sessions(const std::string& path, std::shared_ptr<store::store> sessions,
                    store::store_executor& thread);
  void add_data(const std::string& path, std::shared_ptr<store::data_store> data,
                store::store_executor& threads, bool has_notes);
  base::result<void> listen(data_place& place);
  [[nodiscard]] bool has_database() const { return !settings_.database.url.empty(); }

  net::asio::any_io_executor control_;
  fleet_stores_settings settings_;
  const base::clock& clock_;
  base::metrics& metrics_;
  const settings::schema_catalogue& schemas_;
  base::logger log_;
  store::store_executor file_thread_;
  std::unique_ptr<store::store_executor> database_threads_;
  std::unique_ptr<shared_cache> cache_;
  std::map<std::string, int> bots_of_path_;
  std::vector<std::unique_ptr<session_place>> sessions_;
  std::vector<std::unique_ptr<data_place>> data_;
};

}  // namespace guildfleet::bot
