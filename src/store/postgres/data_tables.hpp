// The tables of data_store.hpp on PostgreSQL: statements as functions over a transaction. They throw
// sql_failure.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "store/data_store.hpp"
#include "store/postgres/connection_pool.hpp"

namespace guildfleet::store {

[[nodiscard]] settings_row read_settings_row(sql_transaction& in, const settings_key& key);
[[nodiscard]] std::vector<settings_row> read_guild_rows(sql_transaction& in,
                                                        const environment_name& environment,
                                                        discord::guild_id guild);
[[nodiscard]] change_outcome change_settings_rows(sql_transaction& in,
                                                  std::span<const settings_change> changes,
                                                  const change_author& author);
[[nodiscard]] std::vector<audit_row> read_history(sql_transaction& in, const audit_filter& filter);
[[nodiscard]] std::optional<audit_row> read_audit_row(sql_transaction& in,
                                                      const environment_name& environment, std::uint64_t id);
[[nodiscard]] change_page read_changes(sql_transaction& in, const environment_name& environment,
                                       std::int64_t cursor, std::uint32_t limit);

[[nodiscard]] schedule_outcome schedule_job(sql_transaction& in, const job_plan& plan, schedule_mode mode);
[[nodiscard]] std::vector<claimed_job> claim_due_jobs(sql_transaction& in, const job_scope& scope,
                                                      const std::string& node, std::uint32_t limit,
                                                      std::chrono::milliseconds lease);
[[nodiscard]] std::optional<std::chrono::milliseconds> next_due_in(sql_transaction& in,
                                                                   const job_scope& scope);
[[nodiscard]] bool extend_lease(sql_transaction& in, const job_key& key, std::uint64_t fence,
                                std::chrono::milliseconds lease);
[[nodiscard]] bool delete_finished(sql_transaction& in, const job_key& key, std::uint64_t fence);
[[nodiscard]] bool postpone(sql_transaction& in, const job_key& key, std::uint64_t fence, base::wall_time due,
                            const std::string& error);
[[nodiscard]] bool put_back(sql_transaction& in, const job_key& key, std::uint64_t fence, base::wall_time due,
                            const std::string& why);
[[nodiscard]] bool bury(sql_transaction& in, const job_key& key, std::uint64_t fence,
                        const std::string& error);
[[nodiscard]] std::vector<job_row> read_jobs(sql_transaction& in, const job_filter& filter);
[[nodiscard]] bool revive(sql_transaction& in, const job_key& key);
[[nodiscard]] bool cancel(sql_transaction& in, const job_key& key);
[[nodiscard]] std::vector<job_count> count_jobs(sql_transaction& in, const environment_name& environment);

[[nodiscard]] std::vector<feature_claim> claim_guild_features(sql_transaction& in,
                                                              const claim_request& request);
[[nodiscard]] std::uint64_t adopt_waiting_jobs(sql_transaction& in, const environment_name& environment,
                                               const bot_name& bot,
                                               std::span<const discord::guild_id> guilds);
void forget_guild(sql_transaction& in, const environment_name& environment, const bot_name& bot,
                  discord::guild_id guild);

[[nodiscard]] base::result<void> insert_token(sql_transaction& in, const token_row& token);
[[nodiscard]] std::optional<token_row> find_token_row(sql_transaction& in,
                                                      const std::array<std::uint8_t, 32>& hash);
[[nodiscard]] std::vector<token_row> read_tokens(sql_transaction& in);
[[nodiscard]] bool delete_token(sql_transaction& in, const std::string& name);

void count_uses(sql_transaction& in, const environment_name& environment, std::span<const feature_use> uses);
[[nodiscard]] fleet_counts count_all(sql_transaction& in, const environment_name& environment);

// The store over them.
[[nodiscard]] std::unique_ptr<data_store> make_data_store(std::shared_ptr<connection_pool> pool);

[[nodiscard]] inline base::wall_time wall_time_of(std::int64_t ms) {
  return base::wall_time(std::chrono::milliseconds(ms));
}
[[nodiscard]] inline std::int64_t stored_time(base::wall_time time) {
  return time.time_since_epoch().count();
}

}  // namespace guildfleet::store
