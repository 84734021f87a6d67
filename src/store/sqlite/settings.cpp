#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include "store/sqlite/data_tables.hpp"

namespace guildfleet::store {
namespace {

constexpr std::string_view row_columns = "feature, version, document, who, origin, changed_ms";

void bind_key(SQLite::Statement& statement, const settings_key& key) {
  statement.bind(1, key.environment.value);
  statement.bind(2, as_stored(key.guild.value));
  statement.bind(3, key.feature);
}

settings_row row_at(SQLite::Statement& query, settings_key key) {
  key.feature = query.getColumn(0).getString();
  return {
      .key = std::move(key),
      .version = unsigned_at(query, 1),
      .document = optional_text_at(query, 2),
      .author = {.who = query.getColumn(3).getString(),
                 .origin =
                     parse_change_origin(query.getColumn(4).getString()).value_or(change_origin::command)},
      .changed_at = time_at(query, 5)};
}

// The counter begins at 1: as a cursor 0 means that there is none yet.
std::int64_t changes_so_far(const sqlite_context& context, const environment_name& environment) {
  SQLite::Statement query(context.database,
                          "SELECT coalesce(max(value), 1) FROM change_counter WHERE environment = ?");
  query.bind(1, environment.value);
  query.executeStep();
  return query.getColumn(0).getInt64();
}

std::int64_t count_change(const sqlite_context& context, const environment_name& environment) {
  SQLite::Statement count(context.database,
                          "INSERT INTO change_counter(environment, value) VALUES (?, 2) "
                          "ON CONFLICT(environment) DO UPDATE SET value = value + 1 RETURNING value");
  count.bind(1, environment.value);
  count.executeStep();
  const std::int64_t number = count.getColumn(0).getInt64();
  count.executeStep();  // to its end, which the commit needs
  return number;
}

void put_row(const sqlite_context& context, const settings_row& row) {
  SQLite::Statement put(
      context.database,
      "INSERT OR REPLACE INTO settings(environment, guild_id, feature, version, document, who, origin, "
      "changed_ms, change) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  bind_key(put, row.key);
  put.bind(4, as_stored(row.version));
  bind_optional(put, 5, row.document);
  put.bind(6, row.author.who);
  put.bind(7, std::string(name_of(row.author.origin)));
  put.bind(8, stored_time(row.changed_at));
  put.bind(9, count_change(context, row.key.environment));
  put.exec();
}

}  // namespace

settings_row read_settings_row(const sqlite_context& context, const settings_key& key) {
  SQLite::Statement query(
      context.database,
      fmt::format("SELECT {} FROM settings WHERE environment = ? AND guild_id = ? AND feature = ?",
                  row_columns));
  bind_key(query, key);
  if (!query.executeStep()) return {.key = key, .version = 0, .document = {}, .author = {}, .changed_at = {}};
  return row_at(query, key);
}

std::vector<settings_row> read_guild_rows(const sqlite_context& context, const environment_name& environment,
                                          discord::guild_id guild) {
  SQLite::Statement query(
      context.database,
      fmt::format("SELECT {} FROM settings WHERE environment = ? AND guild_id = ? ORDER BY feature",
                  row_columns));
  query.bind(1, environment.value);
  query.bind(2, as_stored(guild.value));
  std::vector<settings_row> rows;
  while (query.executeStep())
    rows.push_back(row_at(query, {.environment = environment, .guild = guild, .feature = {}}));
  return rows;
}

change_outcome change_settings_rows(const sqlite_context& context, std::span<const settings_change> changes,
                                    const change_author& author) {
  // What is not committed is undone when the transaction ends.
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  std::vector<std::optional<std::string>> before;
  before.reserve(changes.size());
  for (const settings_change& change : changes) {
    settings_row current = read_settings_row(context, change.key);
    if (current.version != change.expected_version) return settings_conflict{.current = std::move(current)};
    before.push_back(std::move(current.document));
  }
  std::vector<settings_row> written;
  written.reserve(changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    written.push_back({.key = changes[i].key,
                       .version = changes[i].expected_version + 1,
                       .document = changes[i].document,
                       .author = author,
                       .changed_at = context.wall_now});
    put_row(context, written.back());
    note_change(context, written.back(), before[i]);
  }
  transaction.commit();
  return written;
}

change_page read_changes(const sqlite_context& context, const environment_name& environment,
                         std::int64_t cursor, std::uint32_t limit) {
  const SQLite::Transaction one_moment(context.database);
  change_page page{.changes = {}, .cursor = changes_so_far(context, environment)};
  if (cursor == 0 || cursor == page.cursor) return page;
  SQLite::Statement query(context.database,
                          "SELECT guild_id, feature, version, change FROM settings WHERE environment = ? "
                          "AND change > ? ORDER BY change LIMIT ?");
  query.bind(1, environment.value);
  // A cursor from before a restored backup lies ahead of the counter: everything is told again.
  query.bind(2, cursor > page.cursor ? std::int64_t{0} : cursor);
  query.bind(3, limit);
  while (query.executeStep()) {
    page.changes.push_back({.key = {.environment = environment,
                                    .guild = {unsigned_at(query, 0)},
                                    .feature = query.getColumn(1).getString()},
                            .version = unsigned_at(query, 2)});
    page.cursor = query.getColumn(3).getInt64();
  }
  return page;
}

}  // namespace guildfleet::store
