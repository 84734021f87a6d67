#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <algorithm>

#include "store/sqlite/tables.hpp"

namespace guildfleet::store {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::hours kept_at_most{8 * 24};

void bind_shard(SQLite::Statement& statement, const lease_key& shard) {
  statement.bind(1, shard.bot.value);
  statement.bind(2, shard.shard.count);
  statement.bind(3, shard.shard.index);
}

void bind_key(SQLite::Statement& statement, const effect_key& key) {
  bind_shard(statement, key.shard);
  statement.bind(4, key.origin);
  statement.bind(5, as_stored(key.sequence));
  statement.bind(6, key.action);
}

}  // namespace

announced_effect announce_effect(const sqlite_context& context, const effect_key& key) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  SQLite::Statement insert(context.database,
                           "INSERT INTO effect(bot, shard_count, shard_index, origin, sequence, action, "
                           "announced_ms, outcome) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '') "
                           "ON CONFLICT DO NOTHING");
  bind_key(insert, key);
  insert.bind(7, stored_time(context.wall_now));
  announced_effect known;
  if (insert.exec() == 0) {
    SQLite::Statement query(
        context.database,
        "SELECT announced_ms, outcome FROM effect WHERE bot = ?1 AND shard_count = ?2 AND "
        "shard_index = ?3 AND origin = ?4 AND sequence = ?5 AND action = ?6");
    bind_key(query, key);
    query.executeStep();
    known = {.first = false,
             .ago = std::max(milliseconds(stored_time(context.wall_now) - query.getColumn(0).getInt64()),
                             milliseconds(0)),
             .outcome = query.getColumn(1).getString()};
  }
  transaction.commit();
  return known;
}

void conclude_effect(const sqlite_context& context, const effect_key& key, const std::string& outcome) {
  SQLite::Statement update(context.database,
                           "UPDATE effect SET outcome = ?7 WHERE bot = ?1 AND shard_count = ?2 AND "
                           "shard_index = ?3 AND origin = ?4 AND sequence = ?5 AND action = ?6");
  bind_key(update, key);
  update.bind(7, outcome);
  update.exec();
}

void forget_effects(const sqlite_context& context, const lease_key& shard, const std::string& session,
                    std::uint64_t sequence) {
  SQLite::Statement forget(context.database,
                           "DELETE FROM effect WHERE bot = ?1 AND shard_count = ?2 AND shard_index = ?3 AND "
                           "((origin = ?4 AND sequence <= ?5) OR announced_ms < ?6)");
  bind_shard(forget, shard);
  forget.bind(4, session);
  forget.bind(5, as_stored(sequence));
  forget.bind(6, stored_time(context.wall_now - kept_at_most));
  forget.exec();
}

}  // namespace guildfleet::store
