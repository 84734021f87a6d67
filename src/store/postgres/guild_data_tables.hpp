// What is kept of guilds that bots have left, on PostgreSQL; as data_tables.hpp.
#pragma once

#include <vector>

#include "store/data_rows.hpp"
#include "store/postgres/connection_pool.hpp"

namespace guildfleet::store {

[[nodiscard]] std::vector<bot_name> read_bots_in(sql_transaction& in, const environment_name& environment,
                                                 discord::guild_id guild,
                                                 std::chrono::milliseconds heard_within);
[[nodiscard]] std::vector<discord::guild_id> read_guilds_of(sql_transaction& in,
                                                            const environment_name& environment,
                                                            const bot_name& bot, discord::shard_id shard);
[[nodiscard]] std::uint64_t delete_jobs_of(sql_transaction& in, const environment_name& environment,
                                           const bot_name& bot, discord::guild_id guild, std::uint32_t limit);
[[nodiscard]] std::uint64_t delete_history_of(sql_transaction& in, const environment_name& environment,
                                              discord::guild_id guild, std::uint32_t limit);

}  // namespace guildfleet::store
