#include "store/postgres/session_tables.hpp"
#include "store/postgres/transaction.hpp"

namespace guildfleet::store {
namespace {

class postgres_session_store final : public store {
 public:
  postgres_session_store(std::shared_ptr<connection_pool> pool, asking_node node)
      : pool_(std::move(pool)), node_(std::move(node)) {}

  base::result<acquire_outcome> acquire(const lease_key& key, std::chrono::milliseconds ttl) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { return acquire_lease(in, node_, key, ttl); });
  }

  base::result<std::vector<lease>> renew_all(std::span<const lease_key> keys,
                                             std::chrono::milliseconds ttl) override {
    if (keys.empty()) return std::vector<lease>();
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { return renew_leases(in, node_.identity, keys, ttl); });
  }

  base::result<void> release(std::span<const lease_key> keys) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { release_leases(in, node_.identity, keys); });
  }

  base::result<write_outcome> save(const lease_key& key, const session_row& row,
                                   std::span<const guild_change> guilds) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { return save_session(in, key, row, guilds); });
  }

  base::result<std::optional<session_row>> load(const lease_key& key) override {
    return run_call(*pool_, call_kind::read, [&](sql_transaction& in) { return load_session(in, key); });
  }

  base::result<write_outcome> forget(const lease_key& key, std::uint64_t epoch) override {
    session_row nothing;
    nothing.epoch = epoch;
    return save(key, nothing, {});
  }

  base::result<std::vector<guild_blob>> load_guilds(const lease_key& key) override {
    return run_call(*pool_, call_kind::read, [&](sql_transaction& in) { return load_guild_states(in, key); });
  }

  base::result<std::chrono::milliseconds> claim_identify(const lease_key& key, std::uint32_t max_concurrency,
                                                         std::chrono::milliseconds spacing) override {
    return run_call(*pool_, call_kind::write, [&](sql_transaction& in) {
      return claim_identify_slot(in, key, max_concurrency, spacing);
    });
  }

  base::result<identify_history> identifies(const bot_name& bot) override {
    return run_call(*pool_, call_kind::read, [&](sql_transaction& in) { return read_identifies(in, bot); });
  }

  base::result<announced_effect> announce(const effect_key& key) override {
    return run_call(*pool_, call_kind::write, [&](sql_transaction& in) { return announce_effect(in, key); });
  }

  base::result<void> conclude(const effect_key& key, const std::string& outcome) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { conclude_effect(in, key, outcome); });
  }

 private:
  std::shared_ptr<connection_pool> pool_;
  asking_node node_;
};

}  // namespace

base::result<std::unique_ptr<store>> make_session_store(std::shared_ptr<connection_pool> pool,
                                                        node_identity node) {
  const auto opened_ms = run_call(*pool, call_kind::read, [](sql_transaction& in) {
    return in.exec("SELECT guildfleet.store_ms()").integer(0, 0);
  });
  if (!opened_ms) return std::unexpected(opened_ms.error());
  return std::make_unique<postgres_session_store>(
      std::move(pool), asking_node{.identity = std::move(node), .opened_ms = *opened_ms});
}

}  // namespace guildfleet::store
