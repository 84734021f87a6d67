#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <algorithm>

#include "store/sqlite/tables.hpp"

namespace guildfleet::store {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// Time since the newest identify of the bucket in this boot; the boot clock does not jump.
std::optional<milliseconds> age_of_newest(const sqlite_context& context, const lease_key& key,
                                          std::uint32_t max_concurrency) {
  SQLite::Statement query(context.database,
                          "SELECT max(boot_ms) FROM identify_log WHERE bot = ? AND boot_id = ? AND "
                          "shard_index % ? = ?");
  query.bind(1, key.bot.value);
  query.bind(2, context.boot_id);
  query.bind(3, max_concurrency);
  query.bind(4, key.shard.index % max_concurrency);
  query.executeStep();
  if (query.getColumn(0).isNull()) return std::nullopt;
  return context.boot_now - milliseconds(query.getColumn(0).getInt64());
}

void forget_old(const sqlite_context& context, const bot_name& bot) {
  SQLite::Statement forget(context.database, "DELETE FROM identify_log WHERE bot = ? AND wall_ms < ?");
  forget.bind(1, bot.value);
  forget.bind(2, stored_time(context.wall_now - hours(48)));
  forget.exec();
}

void note_identify(const sqlite_context& context, const lease_key& key) {
  SQLite::Statement note(context.database,
                         "INSERT INTO identify_log(bot, shard_count, shard_index, boot_id, boot_ms, wall_ms) "
                         "VALUES (?, ?, ?, ?, ?, ?)");
  note.bind(1, key.bot.value);
  note.bind(2, key.shard.count);
  note.bind(3, key.shard.index);
  note.bind(4, context.boot_id);
  note.bind(5, std::int64_t{context.boot_now.count()});
  note.bind(6, stored_time(context.wall_now));
  note.exec();
}

}  // namespace

milliseconds claim_identify_slot(const sqlite_context& context, const lease_key& key,
                                 std::uint32_t max_concurrency, milliseconds spacing) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  const auto age = age_of_newest(context, key, std::max(max_concurrency, 1U));
  if (age && *age < spacing) return spacing - *age;
  forget_old(context, key.bot);
  note_identify(context, key);
  transaction.commit();
  return milliseconds(0);
}

identify_history read_identifies(const sqlite_context& context, const bot_name& bot) {
  identify_history history;
  SQLite::Statement query(
      context.database,
      "SELECT shard_index, shard_count, wall_ms FROM identify_log WHERE bot = ? AND wall_ms > ? "
      "ORDER BY id DESC");
  query.bind(1, bot.value);
  query.bind(2, stored_time(context.wall_now - hours(24)));
  while (query.executeStep()) {
    ++history.last_day;
    // A time of day that was set back makes a past identify look like a future one: it counts as just made.
    const auto ago = std::max(milliseconds(stored_time(context.wall_now) - query.getColumn(2).getInt64()),
                              milliseconds(0));
    if (ago >= hours(1)) continue;
    history.last_hour.push_back(
        {.shard = {.index = query.getColumn(0).getUInt(), .count = query.getColumn(1).getUInt()},
         .ago = ago});
  }
  return history;
}

}  // namespace guildfleet::store
