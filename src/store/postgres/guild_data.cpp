#include <algorithm>

#include "store/postgres/guild_data_tables.hpp"

namespace guildfleet::store {

std::vector<bot_name> read_bots_in(sql_transaction& in, const environment_name& environment,
                                   discord::guild_id guild, std::chrono::milliseconds heard_within) {
  const auto rows = in.exec(
      "SELECT there.bot FROM guildfleet.bot_guild AS there JOIN guildfleet.bot_presence AS seen ON "
      "seen.environment = there.environment AND seen.bot = there.bot WHERE there.environment = $1 AND "
      "there.guild_id = $2::bigint AND seen.seen_ms >= (SELECT guildfleet.store_ms()) - $3::bigint "
      "ORDER BY there.bot COLLATE \"C\"",
      sql_params().text(environment.value).stored(guild.value).integer(heard_within.count()));
  std::vector<bot_name> bots;
  for (std::size_t row = 0; row < rows.size(); ++row) bots.push_back({rows.text(row, 0)});
  return bots;
}

std::vector<discord::guild_id> read_guilds_of(sql_transaction& in, const environment_name& environment,
                                              const bot_name& bot, discord::shard_id shard) {
  // shard_of() in SQL, unsigned by the mask of 42 bits.
  const auto rows = in.exec(
      "SELECT guild_id FROM guildfleet.bot_guild WHERE environment = $1 AND bot = $2 AND "
      "((guild_id >> 22) & 4398046511103) % $3::bigint = $4::bigint ORDER BY guild_id",
      sql_params()
          .text(environment.value)
          .text(bot.value)
          .integer(std::max(shard.count, 1U))
          .integer(shard.index));
  std::vector<discord::guild_id> guilds;
  for (std::size_t row = 0; row < rows.size(); ++row) guilds.push_back({rows.stored(row, 0)});
  return guilds;
}

std::uint64_t delete_jobs_of(sql_transaction& in, const environment_name& environment, const bot_name& bot,
                             discord::guild_id guild, std::uint32_t limit) {
  return in
      .exec(
          "DELETE FROM guildfleet.job WHERE ctid IN (SELECT ctid FROM guildfleet.job WHERE "
          "environment = $1 AND bot = $2 AND guild_id = $3::bigint AND state <> 'leased' "
          "LIMIT $4::bigint FOR UPDATE)",
          sql_params().text(environment.value).text(bot.value).stored(guild.value).integer(limit))
      .affected();
}

std::uint64_t delete_history_of(sql_transaction& in, const environment_name& environment,
                                discord::guild_id guild, std::uint32_t limit) {
  return in
      .exec(
          "DELETE FROM guildfleet.settings_audit WHERE ctid IN (SELECT ctid FROM "
          "guildfleet.settings_audit WHERE environment = $1 AND guild_id = $2::bigint LIMIT $3::bigint "
          "FOR UPDATE)",
          sql_params().text(environment.value).stored(guild.value).integer(limit))
      .affected();
}

}  // namespace guildfleet::store
