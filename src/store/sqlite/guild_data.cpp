#include <SQLiteCpp/Statement.h>
#include <algorithm>

#include "store/sqlite/guild_data_tables.hpp"
#include "store/sqlite/sql_values.hpp"

namespace guildfleet::store {

std::vector<bot_name> read_bots_in(const sqlite_context& context, const environment_name& environment,
                                   discord::guild_id guild, std::chrono::milliseconds heard_within) {
  SQLite::Statement query(
      context.database,
      "SELECT there.bot FROM bot_guild AS there JOIN bot_presence AS seen ON "
      "seen.environment = there.environment AND seen.bot = there.bot "
      "WHERE there.environment = ? AND there.guild_id = ? AND seen.seen_ms >= ? ORDER BY 1");
  query.bind(1, environment.value);
  query.bind(2, as_stored(guild.value));
  query.bind(3, stored_time(context.wall_now - heard_within));
  std::vector<bot_name> bots;
  while (query.executeStep()) bots.push_back({query.getColumn(0).getString()});
  return bots;
}

std::vector<discord::guild_id> read_guilds_of(const sqlite_context& context,
                                              const environment_name& environment, const bot_name& bot,
                                              discord::shard_id shard) {
  // shard_of() in SQL, unsigned by the mask of 42 bits.
  SQLite::Statement query(context.database,
                          "SELECT guild_id FROM bot_guild WHERE environment = ? AND bot = ? AND "
                          "((guild_id >> 22) & 4398046511103) % ? = ? ORDER BY guild_id");
  query.bind(1, environment.value);
  query.bind(2, bot.value);
  query.bind(3, std::max(shard.count, 1U));
  query.bind(4, shard.index);
  std::vector<discord::guild_id> guilds;
  while (query.executeStep()) guilds.push_back({unsigned_at(query, 0)});
  return guilds;
}

std::uint64_t delete_jobs_of(const sqlite_context& context, const environment_name& environment,
                             const bot_name& bot, discord::guild_id guild, std::uint32_t limit) {
  SQLite::Statement erase(context.database,
                          "DELETE FROM job WHERE rowid IN (SELECT rowid FROM job WHERE environment = ? AND "
                          "bot = ? AND guild_id = ? AND state <> 'leased' LIMIT ?)");
  erase.bind(1, environment.value);
  erase.bind(2, bot.value);
  erase.bind(3, as_stored(guild.value));
  erase.bind(4, limit);
  return static_cast<std::uint64_t>(erase.exec());
}

std::uint64_t delete_history_of(const sqlite_context& context, const environment_name& environment,
                                discord::guild_id guild, std::uint32_t limit) {
  SQLite::Statement erase(context.database,
                          "DELETE FROM settings_audit WHERE id IN (SELECT id FROM settings_audit WHERE "
                          "environment = ? AND guild_id = ? LIMIT ?)");
  erase.bind(1, environment.value);
  erase.bind(2, as_stored(guild.value));
  erase.bind(3, limit);
  return static_cast<std::uint64_t>(erase.exec());
}

}  // namespace guildfleet::store
