#include "store/postgres/data_tables.hpp"
#include "store/postgres/guild_data_tables.hpp"
#include "store/postgres/record_tables.hpp"
#include "store/postgres/transaction.hpp"

namespace guildfleet::store {
namespace {

class postgres_data_store final : public data_store {
 public:
  explicit postgres_data_store(std::shared_ptr<connection_pool> pool) : pool_(std::move(pool)) {}

  base::result<settings_row> read_settings(const settings_key& key) override {
    return read([&](auto& in) { return read_settings_row(in, key); });
  }
  base::result<std::vector<settings_row>> read_guild_settings(const environment_name& environment,
                                                              discord::guild_id guild) override {
    return read([&](auto& in) { return read_guild_rows(in, environment, guild); });
  }
  base::result<change_outcome> change_settings(std::span<const settings_change> changes,
                                               const change_author& author) override {
    return write([&](auto& in) { return change_settings_rows(in, changes, author); });
  }
  base::result<std::vector<audit_row>> settings_history(const audit_filter& filter) override {
    return read([&](auto& in) { return read_history(in, filter); });
  }
  base::result<std::optional<audit_row>> read_audit(const environment_name& environment,
                                                    std::uint64_t id) override {
    return read([&](auto& in) { return read_audit_row(in, environment, id); });
  }
  base::result<change_page> changes_since(const environment_name& environment, std::int64_t cursor,
                                          std::uint32_t limit) override {
    return read([&](auto& in) { return read_changes(in, environment, cursor, limit); });
  }

  base::result<schedule_outcome> schedule(const job_plan& plan, schedule_mode mode) override {
    return write([&](auto& in) { return schedule_job(in, plan, mode); });
  }
  base::result<std::vector<claimed_job>> claim_jobs(const job_scope& scope, const std::string& node,
                                                    std::uint32_t limit,
                                                    std::chrono::milliseconds lease) override {
    return write([&](auto& in) { return claim_due_jobs(in, scope, node, limit, lease); });
  }
  base::result<std::optional<std::chrono::milliseconds>> next_due(const job_scope& scope) override {
    return read([&](auto& in) { return next_due_in(in, scope); });
  }
  base::result<bool> extend_job(const job_key& key, std::uint64_t fence,
                                std::chrono::milliseconds lease) override {
    return write([&](auto& in) { return extend_lease(in, key, fence, lease); });
  }
  base::result<bool> finish_job(const job_key& key, std::uint64_t fence) override {
    return write([&](auto& in) { return delete_finished(in, key, fence); });
  }
  base::result<bool> postpone_job(const job_key& key, std::uint64_t fence, base::wall_time due,
                                  const std::string& error) override {
    return write([&](auto& in) { return postpone(in, key, fence, due, error); });
  }
  base::result<bool> put_back_job(const job_key& key, std::uint64_t fence, base::wall_time due,
                                  const std::string& why) override {
    return write([&](auto& in) { return put_back(in, key, fence, due, why); });
  }
  base::result<bool> bury_job(const job_key& key, std::uint64_t fence, const std::string& error) override {
    return write([&](auto& in) { return bury(in, key, fence, error); });
  }
  base::result<std::vector<job_row>> list_jobs(const job_filter& filter) override {
    return read([&](auto& in) { return read_jobs(in, filter); });
  }
  base::result<bool> retry_job(const job_key& key) override {
    return write([&](auto& in) { return revive(in, key); });
  }
  base::result<bool> cancel_job(const job_key& key) override {
    return write([&](auto& in) { return cancel(in, key); });
  }

  base::result<record_outcome> change_records(const record_space& space,
                                              std::span<const record_change> changes) override {
    return write([&](auto& in) { return change_record_rows(in, space, changes); });
  }
  base::result<std::optional<record>> read_record(const record_space& space, const record_key& key) override {
    return read([&](auto& in) { return read_record_row(in, space, key); });
  }
  base::result<record_page> list_records(const record_space& space, const record_query& query) override {
    return read([&](auto& in) { return list_record_rows(in, space, query); });
  }
  base::result<std::uint64_t> next_number(const record_space& space, discord::guild_id guild,
                                          const std::string& counter) override {
    return write([&](auto& in) { return count_on(in, space, guild, counter); });
  }
  base::result<std::vector<feature_of_guild>> features_in_use(
      const environment_name& environment, const bot_name& bot, std::span<const discord::guild_id> guilds,
      std::span<const std::string> features) override {
    return read([&](auto& in) { return read_features_in_use(in, environment, bot, guilds, features); });
  }
  base::result<std::uint64_t> delete_guild_records(const environment_name& environment, const bot_name& bot,
                                                   discord::guild_id guild, std::uint32_t limit) override {
    return write([&](auto& in) { return delete_records_of(in, environment, bot, guild, limit); });
  }

  base::result<std::vector<feature_claim>> claim_features(const claim_request& request) override {
    return write([&](auto& in) { return claim_guild_features(in, request); });
  }
  // A database is there to be shared, and its other users are not asked who they are.
  bool has_company() override { return true; }
  base::result<std::uint64_t> adopt_jobs(const environment_name& environment, const bot_name& bot,
                                         std::span<const discord::guild_id> guilds) override {
    return write([&](auto& in) { return adopt_waiting_jobs(in, environment, bot, guilds); });
  }
  base::result<void> leave_guild(const environment_name& environment, const bot_name& bot,
                                 discord::guild_id guild) override {
    return write([&](auto& in) { forget_guild(in, environment, bot, guild); });
  }

  base::result<std::vector<bot_name>> bots_in_guild(const environment_name& environment,
                                                    discord::guild_id guild,
                                                    std::chrono::milliseconds heard_within) override {
    return read([&](auto& in) { return read_bots_in(in, environment, guild, heard_within); });
  }
  base::result<std::vector<discord::guild_id>> guilds_of_bot(const environment_name& environment,
                                                             const bot_name& bot,
                                                             discord::shard_id shard) override {
    return read([&](auto& in) { return read_guilds_of(in, environment, bot, shard); });
  }
  base::result<std::uint64_t> delete_guild_jobs(const environment_name& environment, const bot_name& bot,
                                                discord::guild_id guild, std::uint32_t limit) override {
    return write([&](auto& in) { return delete_jobs_of(in, environment, bot, guild, limit); });
  }
  base::result<std::uint64_t> delete_guild_history(const environment_name& environment,
                                                   discord::guild_id guild, std::uint32_t limit) override {
    return write([&](auto& in) { return delete_history_of(in, environment, guild, limit); });
  }

  base::result<void> add_token(const token_row& token) override {
    return write([&](auto& in) { return insert_token(in, token); });
  }
  base::result<std::optional<token_row>> find_token(const std::array<std::uint8_t, 32>& hash) override {
    return read([&](auto& in) { return find_token_row(in, hash); });
  }
  base::result<std::vector<token_row>> list_tokens() override {
    return read([&](auto& in) { return read_tokens(in); });
  }
  base::result<bool> revoke_token(const std::string& name) override {
    return write([&](auto& in) { return delete_token(in, name); });
  }

  base::result<void> add_uses(const environment_name& environment,
                              std::span<const feature_use> uses) override {
    return write([&](auto& in) { count_uses(in, environment, uses); });
  }
  base::result<fleet_counts> read_counts(const environment_name& environment) override {
    return run_call(*pool_, call_kind::snapshot,
                    [&](sql_transaction& in) { return count_all(in, environment); });
  }

 private:
  template <class F>
  call_result_t<F> read(F work) {
    return run_call(*pool_, call_kind::read, work);
  }
  template <class F>
  call_result_t<F> write(F work) {
    return run_call(*pool_, call_kind::write, work);
  }

  std::shared_ptr<connection_pool> pool_;
};

}  // namespace

std::unique_ptr<data_store> make_data_store(std::shared_ptr<connection_pool> pool) {
  return std::make_unique<postgres_data_store>(std::move(pool));
}

}  // namespace guildfleet::store
