// The statements of records on PostgreSQL; as data_tables.hpp.
#pragma once

#include <span>
#include <vector>

#include "store/postgres/connection_pool.hpp"
#include "store/record_rows.hpp"

namespace guildfleet::store {

[[nodiscard]] record_outcome change_record_rows(sql_transaction& in, const record_space& space,
                                                std::span<const record_change> changes);
[[nodiscard]] std::optional<record> read_record_row(sql_transaction& in, const record_space& space,
                                                    const record_key& key);
[[nodiscard]] record_page list_record_rows(sql_transaction& in, const record_space& space,
                                           const record_query& query);
[[nodiscard]] std::uint64_t count_on(sql_transaction& in, const record_space& space, discord::guild_id guild,
                                     const std::string& counter);
[[nodiscard]] std::vector<feature_of_guild> read_features_in_use(sql_transaction& in,
                                                                 const environment_name& environment,
                                                                 const bot_name& bot,
                                                                 std::span<const discord::guild_id> guilds,
                                                                 std::span<const std::string> features);
[[nodiscard]] std::uint64_t delete_records_of(sql_transaction& in, const environment_name& environment,
                                              const bot_name& bot, discord::guild_id guild,
                                              std::uint32_t limit);

}  // namespace guildfleet::store
