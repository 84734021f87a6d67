#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "store/sqlite/tables.hpp"

namespace guildfleet::store {
namespace {

void bind_key(SQLite::Statement& statement, int first, const lease_key& key) {
  statement.bind(first, key.bot.value);
  statement.bind(first + 1, key.shard.count);
  statement.bind(first + 2, key.shard.index);
}

// The newest epoch that the store has seen of this shard: of its lease, or of whoever wrote the row.
std::uint64_t newest_epoch(SQLite::Database& database, const lease_key& key) {
  SQLite::Statement query(
      database,
      "SELECT coalesce(max(epoch), 0) FROM ("
      "SELECT epoch FROM lease WHERE bot = ?1 AND shard_count = ?2 AND shard_index = ?3 UNION ALL "
      "SELECT epoch FROM session_ledger WHERE bot = ?1 AND shard_count = ?2 AND shard_index = ?3)");
  bind_key(query, 1, key);
  query.executeStep();
  return from_stored(query.getColumn(0).getInt64());
}

void write_row(SQLite::Database& database, const lease_key& key, const session_row& row) {
  SQLite::Statement write(
      database,
      "INSERT OR REPLACE INTO session_ledger(bot, shard_count, shard_index, epoch, session_id, "
      "resume_url, sequence, intents, token_fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  bind_key(write, 1, key);
  write.bind(4, as_stored(row.epoch));
  write.bind(5, row.session_id);
  write.bind(6, row.resume_url);
  write.bind(7, as_stored(row.sequence));
  write.bind(8, as_stored(row.intents));
  write.bind(9, row.token_fingerprint);
  write.exec();
}

void write_guilds(SQLite::Database& database, const bot_name& bot, std::span<const guild_change> guilds) {
  if (guilds.empty()) return;
  SQLite::Statement put(database,
                        "INSERT INTO guild_state(bot, guild_id, state) VALUES (?1, ?2, ?3) "
                        "ON CONFLICT(bot, guild_id) DO UPDATE SET state = excluded.state");
  SQLite::Statement remove(database, "DELETE FROM guild_state WHERE bot = ?1 AND guild_id = ?2");
  for (const guild_change& change : guilds) {
    SQLite::Statement& statement = change.state ? put : remove;
    statement.reset();
    statement.bind(1, bot.value);
    statement.bind(2, as_stored(change.guild.value));
    if (change.state) statement.bindNoCopy(3, change.state->data(), static_cast<int>(change.state->size()));
    statement.exec();
  }
}

}  // namespace

write_outcome save_session(const sqlite_context& context, const lease_key& key, const session_row& row,
                           std::span<const guild_change> guilds) {
  SQLite::Database& database = context.database;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  if (newest_epoch(database, key) > row.epoch) return write_outcome::fenced;
  write_row(database, key, row);
  write_guilds(database, key.bot, guilds);
  forget_effects(context, key, row.session_id, row.sequence);
  transaction.commit();
  return write_outcome::written;
}

std::optional<session_row> load_session(SQLite::Database& database, const lease_key& key) {
  SQLite::Statement query(
      database,
      "SELECT session_id, resume_url, sequence, intents, token_fingerprint, epoch FROM "
      "session_ledger WHERE bot = ? AND shard_count = ? AND shard_index = ? AND session_id <> ''");
  bind_key(query, 1, key);
  if (!query.executeStep()) return std::nullopt;
  return session_row{.session_id = query.getColumn(0).getString(),
                     .resume_url = query.getColumn(1).getString(),
                     .sequence = from_stored(query.getColumn(2).getInt64()),
                     .intents = from_stored(query.getColumn(3).getInt64()),
                     .token_fingerprint = query.getColumn(4).getString(),
                     .epoch = from_stored(query.getColumn(5).getInt64())};
}

std::vector<guild_blob> load_guild_states(SQLite::Database& database, const lease_key& key) {
  // shard_of() in SQL; ids are below 2^63, so the signed shift is the unsigned one.
  SQLite::Statement query(
      database,
      "SELECT guild_id, state FROM guild_state WHERE bot = ? AND (guild_id >> 22) % ? = ? "
      "ORDER BY guild_id");
  bind_key(query, 1, key);
  std::vector<guild_blob> guilds;
  while (query.executeStep()) {
    guilds.push_back(
        {.guild = {from_stored(query.getColumn(0).getInt64())}, .state = query.getColumn(1).getString()});
  }
  return guilds;
}

}  // namespace guildfleet::store
