#include <sqlite3.h>

#include "store/sqlite/rollout_tables.hpp"
#include "store/sqlite/sqlite_file.hpp"

namespace guildfleet::store {
namespace {

class session_face final : public store {
 public:
  explicit session_face(std::shared_ptr<sqlite_file> file) : file_(std::move(file)) {}

  base::result<acquire_outcome> acquire(const lease_key& key, std::chrono::milliseconds ttl) override {
    return file_->call([&](const auto& in) { return acquire_lease(in, key, ttl); });
  }
  base::result<std::vector<lease>> acquire_all(std::span<const lease_key> keys,
                                               std::chrono::milliseconds ttl) override {
    return file_->call([&](const auto& in) { return acquire_leases(in, keys, ttl); });
  }
  base::result<std::vector<lease>> renew_all(std::span<const lease_key> keys,
                                             std::chrono::milliseconds ttl) override {
    return file_->call([&](const auto& in) { return renew_leases(in, keys, ttl); });
  }
  base::result<void> release(std::span<const lease_key> keys) override {
    return file_->call([&](const auto& in) { release_leases(in, keys); });
  }
  base::result<std::optional<lease>> transfer(const lease_key& key, std::uint64_t epoch,
                                              const node_identity& to,
                                              std::chrono::milliseconds ttl) override {
    return file_->call([&](const auto& in) { return transfer_lease(in, key, epoch, to, ttl); });
  }

  base::result<fleet_picture> attend(const node_report& report, std::chrono::milliseconds ttl) override {
    return file_->call([&](const auto& in) { return attend_fleet(in, report, ttl); });
  }
  base::result<fleet_picture> survey() override {
    auto picture = file_->call([](const auto& in) { return survey_fleet(in); });
    sqlite3_db_release_memory(file_->database().getHandle());
    return picture;
  }
  base::result<bool> ask_to_drain(const std::string& node, bool drain) override {
    return file_->call([&](const auto& in) { return ask_node_to_drain(in, node, drain); });
  }
  base::result<void> leave() override {
    return file_->call([&](const auto& in) { leave_fleet(in); });
  }
  bool has_company() override { return file_->has_company(); }

  base::result<write_outcome> save(const lease_key& key, const session_row& row,
                                   std::span<const guild_change> guilds) override {
    return file_->call([&](const auto& in) { return save_session(in, key, row, guilds); });
  }
  base::result<std::optional<session_row>> load(const lease_key& key) override {
    return file_->call([&](const auto& in) { return load_session(in.database, key); });
  }
  base::result<write_outcome> forget(const lease_key& key, std::uint64_t epoch) override {
    session_row nothing;
    nothing.epoch = epoch;
    return save(key, nothing, {});
  }

  base::result<std::vector<guild_blob>> load_guilds(const lease_key& key) override {
    auto guilds = file_->call([&](const auto& in) { return load_guild_states(in.database, key); });
    // Read once at start; its pages need not stay in the cache.
    sqlite3_db_release_memory(file_->database().getHandle());
    return guilds;
  }

  base::result<claimed_identify> claim_identify(const lease_key& key, const identify_claim& claim) override {
    return file_->call([&](const auto& in) { return claim_identify_slot(in, key, claim); });
  }
  base::result<void> identify_answered(std::int64_t id, std::chrono::milliseconds ago) override {
    return file_->call([&](const auto& in) { note_identify_answer(in, id, ago); });
  }
  base::result<void> identify_not_sent(std::int64_t id) override {
    return file_->call([&](const auto& in) { forget_identify(in, id); });
  }
  base::result<void> note_identify_budget(const bot_name& bot, const identify_budget& budget,
                                          std::chrono::milliseconds age) override {
    return file_->call([&](const auto& in) { write_identify_budget(in, bot, budget, age); });
  }
  base::result<identify_history> identifies(const bot_name& bot) override {
    return file_->call([&](const auto& in) { return read_identifies(in, bot); });
  }

  base::result<announced_effect> announce(const effect_key& key) override {
    return file_->call([&](const auto& in) { return announce_effect(in, key); });
  }
  base::result<void> conclude(const effect_key& key, const std::string& outcome) override {
    return file_->call([&](const auto& in) { conclude_effect(in, key, outcome); });
  }

  base::result<start_outcome> start_rollout(const bot_name& bot, const std::string& state,
                                            std::span<const rollout_event> events) override {
    return file_->call([&](const auto& in) { return begin_rollout(in, bot, state, events); });
  }
  base::result<std::optional<rollout_row>> change_rollout(const rollout_change& change) override {
    return file_->call([&](const auto& in) { return apply_rollout_change(in, change); });
  }
  base::result<std::optional<rollout_row>> newest_rollout(const bot_name& bot) override {
    return file_->call([&](const auto& in) { return read_newest_rollout(in.database, bot); });
  }
  base::result<std::vector<rollout_row>> rollouts(const bot_name& bot, std::uint32_t limit) override {
    return file_->call([&](const auto& in) { return read_rollouts(in.database, bot, limit); });
  }
  base::result<std::vector<rollout_event>> rollout_events(std::uint64_t id, std::uint32_t limit) override {
    return file_->call([&](const auto& in) { return read_rollout_events(in.database, id, limit); });
  }
  base::result<std::string> settled_release(const bot_name& bot) override {
    return file_->call([&](const auto& in) { return read_settled_release(in.database, bot); });
  }
  base::result<void> write_sample(const release_sample& sample) override {
    return file_->call([&](const auto& in) { return write_release_sample(in, sample); });
  }
  base::result<std::vector<release_sample>> samples(const bot_name& bot,
                                                    std::chrono::milliseconds since) override {
    return file_->call([&](const auto& in) { return read_release_samples(in, bot, since); });
  }

  base::result<write_outcome> write_cuts(std::uint64_t operation,
                                         std::span<const guild_cut_write> cuts) override {
    return file_->call([&](const auto& in) { return write_guild_cuts(in, operation, cuts); });
  }
  base::result<std::vector<guild_cut_row>> cuts(std::uint64_t operation) override {
    return file_->call([&](const auto& in) { return read_guild_cuts(in.database, operation); });
  }

  base::result<identify_permission_row> allow_identifies(const bot_name& bot, const std::string& reason,
                                                         const std::string& who,
                                                         std::chrono::milliseconds time) override {
    return file_->call([&](const auto& in) { return write_identify_permission(in, bot, reason, who, time); });
  }
  base::result<std::optional<identify_permission_row>> identify_permission(const bot_name& bot) override {
    return file_->call([&](const auto& in) { return read_identify_permission(in, bot); });
  }
  base::result<std::vector<identify_permission_row>> identify_permissions(const bot_name& bot,
                                                                          std::uint32_t limit) override {
    return file_->call([&](const auto& in) { return read_identify_permissions(in.database, bot, limit); });
  }

 private:
  std::shared_ptr<sqlite_file> file_;
};

}  // namespace

std::unique_ptr<store> make_session_face(std::shared_ptr<sqlite_file> file) {
  return std::make_unique<session_face>(std::move(file));
}

}  // namespace guildfleet::store
