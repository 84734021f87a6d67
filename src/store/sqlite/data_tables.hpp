// The statements of data_store.hpp on SQLite, one set of functions per interface. They may throw
// SQLite::Exception; the store guards them. Each is one transaction.
#pragma once

#include <span>
#include <vector>

#include "store/data_store.hpp"
#include "store/sqlite/tables.hpp"

namespace guildfleet::store {

[[nodiscard]] settings_row read_settings_row(const sqlite_context& context, const settings_key& key);
[[nodiscard]] std::vector<settings_row> read_guild_rows(const sqlite_context& context,
                                                        const environment_name& environment,
                                                        discord::guild_id guild);
[[nodiscard]] change_outcome change_settings_rows(const sqlite_context& context,
                                                  std::span<const settings_change> changes,
                                                  const change_author& author);
[[nodiscard]] change_page read_changes(const sqlite_context& context, const environment_name& environment,
                                       std::int64_t cursor, std::uint32_t limit);

// A note of a change that is just made; the caller's transaction. Old notes of the guild go now and then.
void note_change(const sqlite_context& context, const settings_row& row,
                 const std::optional<std::string>& before);
[[nodiscard]] std::vector<audit_row> read_history(const sqlite_context& context, const audit_filter& filter);
[[nodiscard]] std::optional<audit_row> read_audit_row(const sqlite_context& context,
                                                      const environment_name& environment, std::uint64_t id);

[[nodiscard]] schedule_outcome schedule_job(const sqlite_context& context, const job_plan& plan,
                                            schedule_mode mode);
[[nodiscard]] std::vector<claimed_job> claim_due_jobs(const sqlite_context& context, const job_scope& scope,
                                                      const std::string& node, std::uint32_t limit,
                                                      std::chrono::milliseconds lease);
// Whoever holds one has died.
void free_job_leases(SQLite::Database& database);
[[nodiscard]] std::optional<std::chrono::milliseconds> next_due_in(const sqlite_context& context,
                                                                   const job_scope& scope);
[[nodiscard]] bool extend_lease(const sqlite_context& context, const job_key& key, std::uint64_t fence,
                                std::chrono::milliseconds lease);
[[nodiscard]] bool delete_finished(const sqlite_context& context, const job_key& key, std::uint64_t fence);
[[nodiscard]] bool postpone(const sqlite_context& context, const job_key& key, std::uint64_t fence,
                            base::wall_time due, const std::string& error);
[[nodiscard]] bool put_back(const sqlite_context& context, const job_key& key, std::uint64_t fence,
                            base::wall_time due, const std::string& why);
[[nodiscard]] bool bury(const sqlite_context& context, const job_key& key, std::uint64_t fence,
                        const std::string& error);
[[nodiscard]] std::vector<job_row> read_jobs(const sqlite_context& context, const job_filter& filter);
[[nodiscard]] bool revive(const sqlite_context& context, const job_key& key);
[[nodiscard]] bool cancel(const sqlite_context& context, const job_key& key);
[[nodiscard]] std::vector<job_count> count_jobs(const sqlite_context& context,
                                                const environment_name& environment);

[[nodiscard]] std::vector<feature_claim> claim_guild_features(const sqlite_context& context,
                                                              const claim_request& request);
[[nodiscard]] std::uint64_t adopt_waiting_jobs(const sqlite_context& context,
                                               const environment_name& environment, const bot_name& bot,
                                               std::span<const discord::guild_id> guilds);
void forget_guild(const sqlite_context& context, const environment_name& environment, const bot_name& bot,
                  discord::guild_id guild);

[[nodiscard]] base::result<void> insert_token(const sqlite_context& context, const token_row& token);
[[nodiscard]] std::optional<token_row> find_token_row(const sqlite_context& context,
                                                      const std::array<std::uint8_t, 32>& hash);
[[nodiscard]] std::vector<token_row> read_tokens(const sqlite_context& context);
[[nodiscard]] bool delete_token(const sqlite_context& context, const std::string& name);

void count_uses(const sqlite_context& context, const environment_name& environment,
                std::span<const feature_use> uses);
[[nodiscard]] fleet_counts count_all(const sqlite_context& context, const environment_name& environment);

}  // namespace guildfleet::store
