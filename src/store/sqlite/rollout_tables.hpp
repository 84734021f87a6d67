// The statements behind rollout_store.hpp, as those of tables.hpp. Names of bots are kept as stored_text(),
// by which served bots find them.
#pragma once

#include "store/sqlite/tables.hpp"

namespace guildfleet::store {

[[nodiscard]] base::result<start_outcome> begin_rollout(const sqlite_context& context, const bot_name& bot,
                                                        const std::string& state,
                                                        std::span<const rollout_event> events);
[[nodiscard]] base::result<std::optional<rollout_row>> apply_rollout_change(const sqlite_context& context,
                                                                            const rollout_change& change);
[[nodiscard]] std::optional<rollout_row> read_newest_rollout(SQLite::Database& database, const bot_name& bot);
[[nodiscard]] std::vector<rollout_row> read_rollouts(SQLite::Database& database, const bot_name& bot,
                                                     std::uint32_t limit);
[[nodiscard]] std::vector<rollout_event> read_rollout_events(SQLite::Database& database, std::uint64_t id,
                                                             std::uint32_t limit);
[[nodiscard]] std::string read_settled_release(SQLite::Database& database, const bot_name& bot);
// Of all bots, or of those of a serves_as_json(). Within the caller's transaction.
[[nodiscard]] std::vector<bot_release> read_bot_releases(SQLite::Database& database,
                                                         const std::optional<std::string>& serves);

[[nodiscard]] base::result<void> write_release_sample(const sqlite_context& context,
                                                      const release_sample& sample);
[[nodiscard]] std::vector<release_sample> read_release_samples(const sqlite_context& context,
                                                               const bot_name& bot,
                                                               std::chrono::milliseconds since);

[[nodiscard]] base::result<write_outcome> write_guild_cuts(const sqlite_context& context,
                                                           std::uint64_t operation,
                                                           std::span<const guild_cut_write> cuts);
[[nodiscard]] std::vector<guild_cut_row> read_guild_cuts(SQLite::Database& database, std::uint64_t operation);
void forget_guild_cuts(SQLite::Database& database, std::uint64_t operation);

[[nodiscard]] identify_permission_row write_identify_permission(const sqlite_context& context,
                                                                const bot_name& bot,
                                                                const std::string& reason,
                                                                const std::string& who,
                                                                std::chrono::milliseconds time);
[[nodiscard]] std::optional<identify_permission_row> read_identify_permission(const sqlite_context& context,
                                                                              const bot_name& bot);
[[nodiscard]] std::vector<identify_permission_row> read_identify_permissions(SQLite::Database& database,
                                                                             const bot_name& bot,
                                                                             std::uint32_t limit);

}  // namespace guildfleet::store
