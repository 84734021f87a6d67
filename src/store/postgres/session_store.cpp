#include <atomic>

#include "store/postgres/rollout_tables.hpp"
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

  base::result<std::vector<lease>> acquire_all(std::span<const lease_key> keys,
                                               std::chrono::milliseconds ttl) override {
    if (keys.empty()) return std::vector<lease>();
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { return acquire_leases(in, node_, keys, ttl); });
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

  base::result<std::optional<lease>> transfer(const lease_key& key, std::uint64_t epoch,
                                              const node_identity& to,
                                              std::chrono::milliseconds ttl) override {
    return run_call(*pool_, call_kind::write, [&](sql_transaction& in) {
      return transfer_lease(in, node_.identity, key, epoch, to, ttl);
    });
  }

  base::result<fleet_picture> attend(const node_report& report, std::chrono::milliseconds ttl) override {
    auto attended = run_call(*pool_, call_kind::write, [&](sql_transaction& in) {
      return attend_fleet(in, node_, report, ttl, term_end_ms_);
    });
    if (!attended) return std::unexpected(std::move(attended).error());
    term_end_ms_ = attended->term_end_ms;
    return std::move(attended->picture);
  }

  base::result<fleet_picture> survey() override {
    return run_call(*pool_, call_kind::snapshot, survey_fleet);
  }

  base::result<bool> ask_to_drain(const std::string& node, bool drain) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { return ask_node_to_drain(in, node, drain); });
  }

  base::result<void> leave() override {
    term_end_ms_ = 0;
    return run_call(*pool_, call_kind::write, [&](sql_transaction& in) { leave_fleet(in, node_.identity); });
  }

  bool has_company() override { return true; }

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

  base::result<claimed_identify> claim_identify(const lease_key& key, const identify_claim& claim) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { return claim_identify_slot(in, node_.identity, key, claim); });
  }

  base::result<void> identify_answered(std::int64_t id, std::chrono::milliseconds ago) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { note_identify_answer(in, id, ago); });
  }

  base::result<void> identify_not_sent(std::int64_t id) override {
    return run_call(*pool_, call_kind::write, [&](sql_transaction& in) { forget_identify(in, id); });
  }

  base::result<void> note_identify_budget(const bot_name& bot, const identify_budget& budget,
                                          std::chrono::milliseconds age) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { write_identify_budget(in, bot, budget, age); });
  }

  base::result<identify_history> identifies(const bot_name& bot) override {
    return run_call(*pool_, call_kind::snapshot,
                    [&](sql_transaction& in) { return read_identifies(in, node_.identity, bot); });
  }

  base::result<announced_effect> announce(const effect_key& key) override {
    return run_call(*pool_, call_kind::write, [&](sql_transaction& in) { return announce_effect(in, key); });
  }

  base::result<void> conclude(const effect_key& key, const std::string& outcome) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { conclude_effect(in, key, outcome); });
  }

  base::result<start_outcome> start_rollout(const bot_name& bot, const std::string& state,
                                            std::span<const rollout_event> events) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { return begin_rollout(in, bot, state, events); });
  }

  base::result<std::optional<rollout_row>> change_rollout(const rollout_change& change) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { return apply_rollout_change(in, change); });
  }

  base::result<std::optional<rollout_row>> newest_rollout(const bot_name& bot) override {
    return run_call(*pool_, call_kind::read,
                    [&](sql_transaction& in) { return read_newest_rollout(in, bot); });
  }

  base::result<std::vector<rollout_row>> rollouts(const bot_name& bot, std::uint32_t limit) override {
    return run_call(*pool_, call_kind::read,
                    [&](sql_transaction& in) { return read_rollouts(in, bot, limit); });
  }

  base::result<std::vector<rollout_event>> rollout_events(std::uint64_t id, std::uint32_t limit) override {
    return run_call(*pool_, call_kind::read,
                    [&](sql_transaction& in) { return read_rollout_events(in, id, limit); });
  }

  base::result<std::string> settled_release(const bot_name& bot) override {
    return run_call(*pool_, call_kind::read,
                    [&](sql_transaction& in) { return read_settled_release(in, bot); });
  }

  base::result<void> write_sample(const release_sample& sample) override {
    return run_call(*pool_, call_kind::write,
                    [&](sql_transaction& in) { return write_release_sample(in, sample); });
  }

  base::result<std::vector<release_sample>> samples(const bot_name& bot,
                                                    std::chrono::milliseconds since) override {
    return run_call(*pool_, call_kind::read,
                    [&](sql_transaction& in) { return read_release_samples(in, bot, since); });
  }

  base::result<write_outcome> write_cuts(std::uint64_t operation,
                                         std::span<const guild_cut_write> cuts) override {
    return run_call(*pool_, call_kind::write, [&](sql_transaction& in) {
      return write_guild_cuts(in, node_.identity, operation, cuts);
    });
  }

  base::result<std::vector<guild_cut_row>> cuts(std::uint64_t operation) override {
    return run_call(*pool_, call_kind::read,
                    [&](sql_transaction& in) { return read_guild_cuts(in, operation); });
  }

  base::result<identify_permission_row> allow_identifies(const bot_name& bot, const std::string& reason,
                                                         const std::string& who,
                                                         std::chrono::milliseconds time) override {
    return run_call(*pool_, call_kind::write, [&](sql_transaction& in) {
      return write_identify_permission(in, bot, reason, who, time);
    });
  }

  base::result<std::optional<identify_permission_row>> identify_permission(const bot_name& bot) override {
    return run_call(*pool_, call_kind::read,
                    [&](sql_transaction& in) { return read_identify_permission(in, bot); });
  }

  base::result<std::vector<identify_permission_row>> identify_permissions(const bot_name& bot,
                                                                          std::uint32_t limit) override {
    return run_call(*pool_, call_kind::read,
                    [&](sql_transaction& in) { return read_identify_permissions(in, bot, limit); });
  }

 private:
  std::shared_ptr<connection_pool> pool_;
  asking_node node_;
  std::atomic<std::int64_t> term_end_ms_ = 0;
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
