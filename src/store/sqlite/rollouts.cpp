#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include "store/sqlite/rollout_tables.hpp"
#include "store/stored_text.hpp"

namespace guildfleet::store {
namespace {

constexpr std::string_view rollout_columns =
    "rollout.id, rollout.bot, rollout.version, rollout.state, rollout.active, rollout.started_ms, "
    "rollout.changed_ms";

rollout_row rollout_at(SQLite::Statement& query, int first) {
  return {.id = unsigned_at(query, first),
          .bot = {query.getColumn(first + 1).getString()},
          .version = unsigned_at(query, first + 2),
          .state = query.getColumn(first + 3).getString(),
          .active = query.getColumn(first + 4).getInt() != 0,
          .started_ms = query.getColumn(first + 5).getInt64(),
          .changed_ms = query.getColumn(first + 6).getInt64()};
}

std::optional<rollout_row> find_active(SQLite::Database& database, const std::string& bot) {
  SQLite::Statement query(
      database, fmt::format("SELECT {} FROM rollout WHERE bot = ? AND active = 1", rollout_columns));
  query.bind(1, bot);
  if (!query.executeStep()) return std::nullopt;
  return rollout_at(query, 0);
}

std::optional<rollout_row> find_rollout(SQLite::Database& database, std::uint64_t id) {
  SQLite::Statement query(database, fmt::format("SELECT {} FROM rollout WHERE id = ?", rollout_columns));
  query.bind(1, as_stored(id));
  if (!query.executeStep()) return std::nullopt;
  return rollout_at(query, 0);
}

rollout_row insert_rollout(const sqlite_context& context, const std::string& bot, const std::string& state) {
  const std::int64_t now = stored_time(context.wall_now);
  SQLite::Statement insert(context.database,
                           "INSERT INTO rollout(bot, version, state, active, started_ms, changed_ms) "
                           "VALUES (?1, 1, ?2, 1, ?3, ?3)");
  insert.bind(1, bot);
  insert.bind(2, state);
  insert.bind(3, now);
  insert.exec();
  return {.id = from_stored(context.database.getLastInsertRowid()),
          .bot = {bot},
          .version = 1,
          .state = state,
          .active = true,
          .started_ms = now,
          .changed_ms = now};
}

// Their events go with them.
void forget_old_rollouts(SQLite::Database& database, const std::string& bot) {
  SQLite::Statement forget(database,
                           "DELETE FROM rollout WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER "
                           "(PARTITION BY state LIKE ?3 ORDER BY id DESC) AS place FROM rollout WHERE bot = "
                           "?1 AND active = 0) WHERE place > ?2)");
  forget.bind(1, bot);
  forget.bind(2, finished_rollouts_kept);
  forget.bind(3, std::string(other_kind_begins));
  forget.exec();
}

void forget_old_events(SQLite::Database& database, std::uint64_t rollout) {
  SQLite::Statement forget(database,
                           "DELETE FROM rollout_event WHERE rollout = ?1 AND id <= (SELECT id FROM "
                           "rollout_event WHERE rollout = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)");
  forget.bind(1, as_stored(rollout));
  forget.bind(2, events_kept);
  forget.exec();
}

void append_events(const sqlite_context& context, std::uint64_t rollout,
                   std::span<const rollout_event> events) {
  if (events.empty()) return;
  SQLite::Statement append(context.database,
                           "INSERT INTO rollout_event(rollout, at_ms, who, kind, text) "
                           "VALUES (?, ?, ?, ?, ?)");
  for (const rollout_event& event : events) {
    const rollout_event kept = bounded(event);
    append.bind(1, as_stored(rollout));
    append.bind(2, stored_time(context.wall_now));
    append.bind(3, kept.who);
    append.bind(4, kept.kind);
    append.bind(5, kept.text);
    append.exec();
    append.reset();
  }
  forget_old_events(context.database, rollout);
}

bool update_rollout(const sqlite_context& context, const rollout_change& change) {
  SQLite::Statement update(context.database,
                           "UPDATE rollout SET version = version + 1, state = ?3, active = ?4, "
                           "changed_ms = ?5 WHERE id = ?1 AND version = ?2 AND active >= ?4");
  update.bind(1, as_stored(change.id));
  update.bind(2, as_stored(change.version));
  update.bind(3, stored_text(change.state));
  update.bind(4, change.active ? 1 : 0);
  update.bind(5, stored_time(context.wall_now));
  return update.exec() > 0;
}

void settle(SQLite::Database& database, const bot_name& bot, const std::string& release) {
  SQLite::Statement write(database, "INSERT OR REPLACE INTO settled_release(bot, release) VALUES (?, ?)");
  write.bind(1, bot.value);
  write.bind(2, stored_text(release));
  write.exec();
}

}  // namespace

base::result<start_outcome> begin_rollout(const sqlite_context& context, const bot_name& bot,
                                          const std::string& state, std::span<const rollout_event> events) {
  if (auto fits = check_size("state of a rollout", state, largest_rollout_state); !fits)
    return std::unexpected(std::move(fits).error());
  const std::string name = stored_text(bot.value);
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  if (auto other = find_active(context.database, name)) return already_active{.row = *std::move(other)};
  rollout_row started = insert_rollout(context, name, stored_text(state));
  append_events(context, started.id, events);
  forget_old_rollouts(context.database, name);
  transaction.commit();
  return started;
}

base::result<std::optional<rollout_row>> apply_rollout_change(const sqlite_context& context,
                                                              const rollout_change& change) {
  if (auto fits = check_size("state of a rollout", change.state, largest_rollout_state); !fits)
    return std::unexpected(std::move(fits).error());
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  if (!update_rollout(context, change)) return std::nullopt;
  auto changed = find_rollout(context.database, change.id);
  append_events(context, change.id, change.events);
  if (!change.active) forget_guild_cuts(context.database, change.id);
  if (changed && change.settle) settle(context.database, changed->bot, *change.settle);
  transaction.commit();
  return changed;
}

std::optional<rollout_row> read_newest_rollout(SQLite::Database& database, const bot_name& bot) {
  auto rows = read_rollouts(database, bot, 1);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<rollout_row> read_rollouts(SQLite::Database& database, const bot_name& bot, std::uint32_t limit) {
  SQLite::Statement query(
      database,
      fmt::format("SELECT {} FROM rollout WHERE bot = ? ORDER BY id DESC LIMIT ?", rollout_columns));
  query.bind(1, stored_text(bot.value));
  query.bind(2, limit);
  std::vector<rollout_row> rows;
  while (query.executeStep()) rows.push_back(rollout_at(query, 0));
  return rows;
}

std::vector<rollout_event> read_rollout_events(SQLite::Database& database, std::uint64_t id,
                                               std::uint32_t limit) {
  SQLite::Statement query(database,
                          "SELECT id, at_ms, who, kind, text FROM rollout_event WHERE rollout = ? "
                          "ORDER BY id DESC LIMIT ?");
  query.bind(1, as_stored(id));
  query.bind(2, limit);
  std::vector<rollout_event> events;
  while (query.executeStep()) {
    events.push_back({.id = unsigned_at(query, 0),
                      .at_ms = query.getColumn(1).getInt64(),
                      .who = query.getColumn(2).getString(),
                      .kind = query.getColumn(3).getString(),
                      .text = query.getColumn(4).getString()});
  }
  return events;
}

std::string read_settled_release(SQLite::Database& database, const bot_name& bot) {
  SQLite::Statement query(database, "SELECT release FROM settled_release WHERE bot = ?");
  query.bind(1, stored_text(bot.value));
  return query.executeStep() ? query.getColumn(0).getString() : std::string();
}

std::vector<bot_release> read_bot_releases(SQLite::Database& database,
                                           const std::optional<std::string>& serves) {
  SQLite::Statement query(
      database,
      fmt::format("WITH wanted AS ({}) SELECT wanted.bot, settled_release.release, {} FROM wanted "
                  "LEFT JOIN settled_release ON settled_release.bot = wanted.bot "
                  "LEFT JOIN rollout ON rollout.bot = wanted.bot AND rollout.active = 1 "
                  "WHERE settled_release.bot IS NOT NULL OR rollout.id IS NOT NULL ORDER BY wanted.bot",
                  serves ? "SELECT DISTINCT value ->> 0 AS bot FROM json_each(?)"
                         : "SELECT bot FROM settled_release UNION SELECT bot FROM rollout WHERE active = 1",
                  rollout_columns));
  if (serves) query.bind(1, *serves);
  std::vector<bot_release> releases;
  while (query.executeStep()) {
    auto& release =
        releases.emplace_back(bot_release{.bot = {query.getColumn(0).getString()},
                                          .settled = optional_text_at(query, 1).value_or(std::string())});
    if (!query.isColumnNull(2)) release.rollout = rollout_at(query, 2);
  }
  return releases;
}

}  // namespace guildfleet::store
