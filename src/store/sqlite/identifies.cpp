#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <algorithm>

#include "store/sqlite/tables.hpp"

namespace guildfleet::store {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// The newest identify of a bucket in this boot; the boot clock does not jump.
struct newest_identify {
  milliseconds recorded;
  milliseconds arrives;  // at the latest
  bool answered = false;
};

std::optional<newest_identify> newest_of(const sqlite_context& context, const lease_key& key,
                                         std::uint32_t max_concurrency) {
  SQLite::Statement query(
      context.database,
      "SELECT boot_ms, coalesce(arrives_ms, boot_ms) AS arrives, answered FROM identify_log "
      "WHERE bot = ? AND boot_id = ? AND shard_index % ? = ? ORDER BY arrives DESC LIMIT 1");
  query.bind(1, key.bot.value);
  query.bind(2, context.boot_id);
  query.bind(3, max_concurrency);
  query.bind(4, key.shard.index % max_concurrency);
  if (!query.executeStep()) return std::nullopt;
  return newest_identify{.recorded = milliseconds(query.getColumn(0).getInt64()),
                         .arrives = milliseconds(query.getColumn(1).getInt64()),
                         .answered = query.getColumn(2).getInt() != 0};
}

void forget_old(const sqlite_context& context, const bot_name& bot) {
  SQLite::Statement forget(context.database, "DELETE FROM identify_log WHERE bot = ? AND wall_ms < ?");
  forget.bind(1, bot.value);
  forget.bind(2, stored_time(context.wall_now - hours(48)));
  forget.exec();
}

// While it is not answered the turn may come any time from when it was recorded.
milliseconds time_until_turn(const newest_identify& newest, milliseconds spacing, milliseconds now) {
  if (newest.answered || newest.arrives + spacing <= now)
    return std::max(newest.arrives + spacing - now, milliseconds(0));
  return std::max(newest.recorded + spacing - now, look_for_answer_again);
}

void note_identify(const sqlite_context& context, const lease_key& key, milliseconds arrives_within) {
  SQLite::Statement note(context.database,
                         "INSERT INTO identify_log(bot, shard_count, shard_index, boot_id, boot_ms, wall_ms, "
                         "node, incarnation, arrives_ms, answered) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)");
  note.bind(1, key.bot.value);
  note.bind(2, key.shard.count);
  note.bind(3, key.shard.index);
  note.bind(4, context.boot_id);
  note.bind(5, std::int64_t{context.boot_now.count()});
  note.bind(6, stored_time(context.wall_now));
  note.bind(7, context.node.name);
  note.bind(8, as_stored(context.node.incarnation));
  note.bind(9, std::int64_t{(context.boot_now + arrives_within).count()});
  note.exec();
}

std::uint32_t used_since(const sqlite_context& context, const bot_name& bot, std::int64_t since_ms) {
  SQLite::Statement query(context.database,
                          "SELECT count(*) FROM identify_log WHERE bot = ? AND wall_ms >= ?");
  query.bind(1, bot.value);
  query.bind(2, since_ms);
  query.executeStep();
  return query.getColumn(0).getUInt();
}

std::optional<known_budget> read_budget(const sqlite_context& context, const bot_name& bot) {
  SQLite::Statement query(context.database,
                          "SELECT total, remaining, max_concurrency, read_ms, resets_ms FROM identify_budget "
                          "WHERE bot = ?");
  query.bind(1, bot.value);
  if (!query.executeStep()) return std::nullopt;
  const std::int64_t read_ms = query.getColumn(3).getInt64();
  const std::int64_t resets_ms = query.getColumn(4).getInt64();
  known_budget out{.said = {.total = query.getColumn(0).getUInt(),
                            .remaining = query.getColumn(1).getUInt(),
                            .max_concurrency = query.getColumn(2).getUInt(),
                            .reset_after = milliseconds(std::max<std::int64_t>(resets_ms - read_ms, 0))},
                   .age = milliseconds(std::max<std::int64_t>(stored_time(context.wall_now) - read_ms, 0))};
  out.used = used_since(context, bot, out.has_reset() ? resets_ms : read_ms);
  return out;
}

earlier_starts read_starts(const sqlite_context& context, const bot_name& bot) {
  SQLite::Statement query(context.database,
                          "SELECT count(DISTINCT incarnation), max(wall_ms) FROM identify_log "
                          "WHERE bot = ? AND node = ? AND incarnation <> ? AND wall_ms > ?");
  query.bind(1, bot.value);
  query.bind(2, context.node.name);
  query.bind(3, as_stored(context.node.incarnation));
  query.bind(4, stored_time(context.wall_now - hours(1)));
  query.executeStep();
  earlier_starts out{.count = query.getColumn(0).getUInt()};
  if (out.count > 0)
    out.newest_ago = milliseconds(
        std::max<std::int64_t>(stored_time(context.wall_now) - query.getColumn(1).getInt64(), 0));
  return out;
}

}  // namespace

claimed_identify claim_identify_slot(const sqlite_context& context, const lease_key& key,
                                     const identify_claim& claim) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  claimed_identify out;
  const auto newest = newest_of(context, key, std::max(claim.max_concurrency, 1U));
  if (newest) out.wait = time_until_turn(*newest, claim.spacing, context.boot_now);
  if (const auto budget = read_budget(context, key.bot)) {
    out.left = budget->left();
    out.kept_back = *out.left <= claim.keep_back;
  }
  if (!out.granted()) return out;
  forget_old(context, key.bot);
  note_identify(context, key, claim.arrives_within);
  out.id = context.database.getLastInsertRowid();
  transaction.commit();
  return out;
}

void note_identify_answer(const sqlite_context& context, std::int64_t id, milliseconds ago) {
  SQLite::Statement note(context.database,
                         "UPDATE identify_log SET answered = 1, arrives_ms = ? WHERE id = ? AND boot_id = ?");
  note.bind(1, std::int64_t{(context.boot_now - ago).count()});
  note.bind(2, id);
  note.bind(3, context.boot_id);
  note.exec();
}

void forget_identify(const sqlite_context& context, std::int64_t id) {
  SQLite::Statement forget(context.database, "DELETE FROM identify_log WHERE id = ? AND answered = 0");
  forget.bind(1, id);
  forget.exec();
}

// What was read at a time that is still to come was read before the time of day was set back.
void write_identify_budget(const sqlite_context& context, const bot_name& bot, const identify_budget& budget,
                           milliseconds age) {
  const std::int64_t now = stored_time(context.wall_now);
  const std::int64_t asked = now - age.count();
  SQLite::Statement write(
      context.database,
      "INSERT INTO identify_budget(bot, total, remaining, max_concurrency, read_ms, resets_ms) "
      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(bot) DO UPDATE SET total = excluded.total, "
      "remaining = excluded.remaining, max_concurrency = excluded.max_concurrency, "
      "read_ms = excluded.read_ms, resets_ms = excluded.resets_ms "
      "WHERE read_ms <= excluded.read_ms OR read_ms > ?");
  write.bind(1, bot.value);
  write.bind(2, budget.total);
  write.bind(3, budget.remaining);
  write.bind(4, budget.max_concurrency);
  write.bind(5, asked);
  write.bind(6, budget.reset_after.count() > 0 ? asked + budget.reset_after.count() : std::int64_t{0});
  write.bind(7, now);
  write.exec();
}

identify_history read_identifies(const sqlite_context& context, const bot_name& bot) {
  SQLite::Transaction transaction(context.database);
  identify_history history;
  history.budget = read_budget(context, bot);
  history.starts = read_starts(context, bot);
  SQLite::Statement query(
      context.database,
      "SELECT shard_index, shard_count, wall_ms FROM identify_log WHERE bot = ? AND wall_ms > ? "
      "ORDER BY id DESC");
  query.bind(1, bot.value);
  query.bind(2, stored_time(context.wall_now - hours(24)));
  while (query.executeStep()) {
    // A time of day that was set back makes a past identify look like a future one: it counts as just made.
    const auto ago = std::max(milliseconds(stored_time(context.wall_now) - query.getColumn(2).getInt64()),
                              milliseconds(0));
    count_identify(history, {.index = query.getColumn(0).getUInt(), .count = query.getColumn(1).getUInt()},
                   ago);
  }
  return history;
}

}  // namespace guildfleet::store
