// The tables of rollout_store.hpp on PostgreSQL, as session_tables.hpp.
#pragma once

#include "store/postgres/connection_pool.hpp"
#include "store/store.hpp"

namespace guildfleet::store {

[[nodiscard]] base::result<start_outcome> begin_rollout(sql_transaction& transaction, const bot_name& bot,
                                                        const std::string& state,
                                                        std::span<const rollout_event> events);
[[nodiscard]] base::result<std::optional<rollout_row>> apply_rollout_change(sql_transaction& transaction,
                                                                            const rollout_change& change);
[[nodiscard]] std::optional<rollout_row> read_newest_rollout(sql_transaction& transaction,
                                                             const bot_name& bot);
[[nodiscard]] std::vector<rollout_row> read_rollouts(sql_transaction& transaction, const bot_name& bot,
                                                     std::uint32_t limit);
[[nodiscard]] std::vector<rollout_event> read_rollout_events(sql_transaction& transaction, std::uint64_t id,
                                                             std::uint32_t limit);
[[nodiscard]] std::string read_settled_release(sql_transaction& transaction, const bot_name& bot);
// One statement.
[[nodiscard]] std::vector<bot_release> read_bot_releases(sql_transaction& transaction);
[[nodiscard]] std::vector<bot_release> read_served_releases(sql_transaction& transaction,
                                                            std::span<const served_shards> serves);

[[nodiscard]] base::result<void> write_release_sample(sql_transaction& transaction,
                                                      const release_sample& sample);
[[nodiscard]] std::vector<release_sample> read_release_samples(sql_transaction& transaction,
                                                               const bot_name& bot,
                                                               std::chrono::milliseconds since);

[[nodiscard]] base::result<write_outcome> write_guild_cuts(sql_transaction& transaction,
                                                           const node_identity& self, std::uint64_t operation,
                                                           std::span<const guild_cut_write> cuts);
[[nodiscard]] std::vector<guild_cut_row> read_guild_cuts(sql_transaction& transaction,
                                                         std::uint64_t operation);
void forget_guild_cuts(sql_transaction& transaction, std::uint64_t operation);

[[nodiscard]] identify_permission_row write_identify_permission(sql_transaction& transaction,
                                                                const bot_name& bot,
                                                                const std::string& reason,
                                                                const std::string& who,
                                                                std::chrono::milliseconds time);
[[nodiscard]] std::optional<identify_permission_row> read_identify_permission(sql_transaction& transaction,
                                                                              const bot_name& bot);
[[nodiscard]] std::vector<identify_permission_row> read_identify_permissions(sql_transaction& transaction,
                                                                             const bot_name& bot,
                                                                             std::uint32_t limit);

}  // namespace guildfleet::store
