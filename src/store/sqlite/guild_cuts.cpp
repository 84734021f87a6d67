#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "store/sqlite/rollout_tables.hpp"
#include "store/stored_text.hpp"

namespace guildfleet::store {
namespace {

bool is_active(SQLite::Database& database, std::uint64_t operation) {
  SQLite::Statement query(database, "SELECT 1 FROM rollout WHERE id = ? AND active = 1");
  query.bind(1, as_stored(operation));
  return query.executeStep();
}

void bind_lease(SQLite::Statement& query, const lease_key& key, std::uint64_t epoch) {
  query.bind(1, key.bot.value);
  query.bind(2, key.shard.count);
  query.bind(3, key.shard.index);
  query.bind(4, as_stored(epoch));
}

bool owns(SQLite::Database& database, const node_identity& self, const lease_key& key, std::uint64_t epoch) {
  SQLite::Statement query(database,
                          "SELECT 1 FROM lease WHERE bot = ? AND shard_count = ? AND shard_index = ? AND "
                          "epoch = ? AND node = ? AND incarnation = ?");
  bind_lease(query, key, epoch);
  query.bind(5, self.name);
  query.bind(6, as_stored(self.incarnation));
  return query.executeStep();
}

bool nobody_took_over(SQLite::Database& database, const lease_key& key, std::uint64_t epoch) {
  SQLite::Statement query(
      database, "SELECT 1 FROM lease WHERE bot = ? AND shard_count = ? AND shard_index = ? AND epoch = ?");
  bind_lease(query, key, epoch);
  return query.executeStep();
}

void put_cut(SQLite::Statement& put, std::uint64_t operation, const guild_cut_row& cut) {
  put.bind(1, as_stored(operation));
  put.bind(2, as_stored(cut.guild.value));
  put.bind(3, cut.shard.bot.value);
  put.bind(4, cut.shard.shard.count);
  put.bind(5, cut.shard.shard.index);
  put.bind(6, stored_text(cut.session_id));
  put.bind(7, stored_text(cut.account));
  put.exec();
  put.reset();
}

}  // namespace

base::result<write_outcome> write_guild_cuts(const sqlite_context& context, std::uint64_t operation,
                                             std::span<const guild_cut_write> cuts) {
  for (const guild_cut_write& each : cuts) {
    if (auto fits = check_size("account of a guild that goes over", each.cut.account, largest_cut); !fits)
      return std::unexpected(std::move(fits).error());
  }
  SQLite::Database& database = context.database;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  if (!is_active(database, operation)) return write_outcome::fenced;
  SQLite::Statement put(database,
                        "INSERT INTO guild_cut(rollout, guild_id, bot, shard_count, shard_index, session_id, "
                        "account) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  for (const guild_cut_write& each : cuts) {
    if (!owns(database, context.node, each.cut.shard, each.epoch) ||
        !nobody_took_over(database, each.old_shard, each.old_epoch))
      return write_outcome::fenced;
    put_cut(put, operation, each.cut);
  }
  transaction.commit();
  return write_outcome::written;
}

std::vector<guild_cut_row> read_guild_cuts(SQLite::Database& database, std::uint64_t operation) {
  SQLite::Statement query(
      database,
      "SELECT guild_id, bot, shard_index, shard_count, session_id, account FROM guild_cut "
      "WHERE rollout = ? ORDER BY guild_id");
  query.bind(1, as_stored(operation));
  std::vector<guild_cut_row> rows;
  while (query.executeStep()) {
    rows.push_back({.guild = {unsigned_at(query, 0)},
                    .shard = {{query.getColumn(1).getString()},
                              {query.getColumn(2).getUInt(), query.getColumn(3).getUInt()}},
                    .session_id = query.getColumn(4).getString(),
                    .account = query.getColumn(5).getString()});
  }
  return rows;
}

void forget_guild_cuts(SQLite::Database& database, std::uint64_t operation) {
  SQLite::Statement forget(database, "DELETE FROM guild_cut WHERE rollout = ?");
  forget.bind(1, as_stored(operation));
  forget.exec();
}

}  // namespace guildfleet::store
