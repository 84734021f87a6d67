#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "store/sqlite/record_tables.hpp"
#include "store/sqlite/sql_values.hpp"

namespace guildfleet::store {
namespace {

constexpr std::string_view columns =
    "guild_id, kind, key, value, version, sort, created_ms, changed_ms, expires_ms";
constexpr std::string_view of_key =
    "environment = ?1 AND guild_id = ?2 AND feature = ?3 AND bot = ?4 AND kind = ?5 AND key = ?6";
constexpr std::string_view not_expired = "(expires_ms IS NULL OR expires_ms > ?7)";

void bind_key(SQLite::Statement& statement, const record_space& space, const record_key& key) {
  statement.bind(1, space.environment.value);
  statement.bind(2, as_stored(key.guild.value));
  statement.bind(3, space.feature);
  statement.bind(4, space.bot.value);
  statement.bind(5, key.kind);
  statement.bind(6, key.key);
}

std::optional<std::int64_t> optional_number_at(SQLite::Statement& query, int column) {
  if (query.isColumnNull(column)) return std::nullopt;
  return query.getColumn(column).getInt64();
}

void bind_number(SQLite::Statement& statement, int index, const std::optional<std::int64_t>& number) {
  if (number) {
    statement.bind(index, *number);
  } else {
    statement.bind(index);
  }
}

record record_at(SQLite::Statement& query) {
  record out{.key = {{unsigned_at(query, 0)}, query.getColumn(1).getString(), query.getColumn(2).getString()},
             .value = query.getColumn(3).getString(),
             .version = unsigned_at(query, 4),
             .sort = optional_number_at(query, 5),
             .created_at = time_at(query, 6),
             .changed_at = time_at(query, 7),
             .expires_at = {}};
  if (const auto expires = optional_number_at(query, 8)) out.expires_at = wall_time_of(*expires);
  return out;
}

// A new record begins with a version that nobody can have seen of an earlier one.
constexpr std::string_view put_sql =
    "INSERT OR REPLACE INTO record(environment, guild_id, feature, bot, kind, key, value, version, sort, "
    "created_ms, changed_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
    "coalesce(?8, (random() & 0xfffffffffffffff) + 1), ?9, coalesce(?10, ?11), ?11, ?12) RETURNING {}";

record put(const sqlite_context& context, const record_space& space, const record_change& change,
           const std::optional<record>& before) {
  SQLite::Statement statement(context.database, fmt::format(put_sql, columns));
  bind_key(statement, space, change.key);
  bind_bytes(statement, 7, *change.value);
  if (before) {
    statement.bind(8, as_stored(before->version + 1));
    statement.bind(10, stored_time(before->created_at));
  }
  bind_number(statement, 9, change.sort);
  statement.bind(11, stored_time(context.wall_now));
  if (change.keep_for) statement.bind(12, stored_time(context.wall_now + *change.keep_for));
  statement.executeStep();
  record out = record_at(statement);
  statement.executeStep();  // to its end, which the commit needs
  return out;
}

void erase(const sqlite_context& context, const record_space& space, const record_key& key) {
  SQLite::Statement statement(context.database, fmt::format("DELETE FROM record WHERE {}", of_key));
  bind_key(statement, space, key);
  statement.exec();
}

// Each record that expires takes more of those away that have, so that they never become many.
void drop_expired(const sqlite_context& context, const record_space& space) {
  SQLite::Statement drop(context.database,
                         "DELETE FROM record WHERE rowid IN (SELECT rowid FROM record WHERE environment = ? "
                         "AND expires_ms <= ? LIMIT 20)");
  drop.bind(1, space.environment.value);
  drop.bind(2, stored_time(context.wall_now));
  drop.exec();
}

template <class Numbers>
std::string as_json(const Numbers& numbers) {
  base::json_writer out;
  out.begin_array();
  for (const std::int64_t each : numbers) out.number(each);
  return out.end_array().take();
}

struct list_words {
  std::string_view where;
  std::string_view order;
};
list_words words_of(record_order order) {
  switch (order) {
    case record_order::by_key:
      return {"(guild_id, key) > (?8, ?10)", "guild_id, key"};
    case record_order::by_sort:
      return {"(guild_id, sort, key) > (?8, ?9, ?10)", "guild_id, sort, key"};
    case record_order::by_sort_descending:
      break;
  }
  return {"(guild_id, sort, key) < (?8, ?9, ?10)", "guild_id DESC, sort DESC, key DESC"};
}

}  // namespace

record_outcome change_record_rows(const sqlite_context& context, const record_space& space,
                                  std::span<const record_change> changes) {
  // What is not committed is undone when the transaction ends.
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  std::vector<record> written;
  written.reserve(changes.size());
  bool expires = false;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto current = read_record_row(context, space, changes[i].key);
    if ((current ? current->version : 0) != changes[i].expected_version)
      return record_conflict{i, std::move(current)};
    if (changes[i].value) {
      written.push_back(put(context, space, changes[i], current));
    } else {
      erase(context, space, changes[i].key);
      written.push_back({.key = changes[i].key, .value = {}, .version = 0, .sort = {}, .expires_at = {}});
    }
    expires |= changes[i].keep_for.has_value();
  }
  if (expires) drop_expired(context, space);
  transaction.commit();
  return written;
}

std::optional<record> read_record_row(const sqlite_context& context, const record_space& space,
                                      const record_key& key) {
  SQLite::Statement query(context.database,
                          fmt::format("SELECT {} FROM record WHERE {} AND {}", columns, of_key, not_expired));
  bind_key(query, space, key);
  query.bind(7, stored_time(context.wall_now));
  if (!query.executeStep()) return std::nullopt;
  return record_at(query);
}

record_page list_record_rows(const sqlite_context& context, const record_space& space,
                             const record_query& wanted) {
  const list_words words = words_of(wanted.order);
  const key_range range = keys_with(wanted.key_prefix);
  SQLite::Statement query(
      context.database,
      fmt::format("SELECT {} FROM record WHERE environment = ?1 AND guild_id IN (SELECT value FROM "
                  "json_each(?2)) AND feature = ?3 AND bot = ?4 AND kind = ?5 AND key >= ?6 AND {} AND "
                  "(?11 = '' OR key < ?11) {} AND (?12 = 0 OR {}) ORDER BY {} LIMIT ?13",
                  columns, not_expired, wanted.order == record_order::by_key ? "" : "AND sort IS NOT NULL",
                  words.where, words.order));
  query.bind(1, space.environment.value);
  query.bind(2, as_json(guilds_left(wanted)));
  query.bind(3, space.feature);
  query.bind(4, space.bot.value);
  query.bind(5, wanted.kind);
  query.bind(6, range.from);
  query.bind(7, stored_time(context.wall_now));
  const record_cursor after = wanted.after.value_or(record_cursor{});
  query.bind(8, as_stored(after.guild.value));
  if (wanted.order != record_order::by_key) query.bind(9, after.sort);
  query.bind(10, after.key);
  query.bind(11, range.end);
  query.bind(12, wanted.after ? 1 : 0);
  query.bind(13, std::int64_t{wanted.limit} + 1);
  std::vector<record> found;
  while (query.executeStep()) found.push_back(record_at(query));
  return page_of(std::move(found), wanted);
}

std::uint64_t count_on(const sqlite_context& context, const record_space& space, discord::guild_id guild,
                       const std::string& counter) {
  SQLite::Statement count(
      context.database,
      "INSERT INTO record_counter(environment, guild_id, feature, bot, name, value) VALUES (?, ?, ?, ?, ?, "
      "1) ON CONFLICT(environment, guild_id, feature, bot, name) DO UPDATE SET value = value + 1 "
      "RETURNING value");
  count.bind(1, space.environment.value);
  count.bind(2, as_stored(guild.value));
  count.bind(3, space.feature);
  count.bind(4, space.bot.value);
  count.bind(5, counter);
  count.executeStep();
  const std::uint64_t number = unsigned_at(count, 0);
  count.executeStep();  // to its end, which the commit needs
  return number;
}

std::vector<feature_of_guild> read_features_in_use(const sqlite_context& context,
                                                   const environment_name& environment, const bot_name& bot,
                                                   std::span<const discord::guild_id> guilds,
                                                   std::span<const std::string> features) {
  base::json_writer names;
  names.begin_array();
  for (const std::string& each : features) names.string(each);
  std::vector<std::int64_t> ids;
  for (const discord::guild_id guild : guilds) ids.push_back(as_stored(guild.value));
  SQLite::Statement query(
      context.database,
      "SELECT guilds.value, names.value FROM json_each(?3) AS guilds CROSS JOIN json_each(?4) AS names "
      "WHERE EXISTS (SELECT 1 FROM settings WHERE environment = ?1 AND guild_id = guilds.value AND "
      "feature = names.value AND document IS NOT NULL) OR EXISTS (SELECT 1 FROM record WHERE "
      "environment = ?1 AND guild_id = guilds.value AND feature = names.value AND bot IN ('', ?2))");
  query.bind(1, environment.value);
  query.bind(2, bot.value);
  query.bind(3, as_json(ids));
  query.bind(4, names.end_array().take());
  std::vector<feature_of_guild> found;
  while (query.executeStep()) found.push_back({{unsigned_at(query, 0)}, query.getColumn(1).getString()});
  return found;
}

std::uint64_t delete_records_of(const sqlite_context& context, const environment_name& environment,
                                const bot_name& bot, discord::guild_id guild, std::uint32_t limit) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  const auto of_guild = [&](const std::string& sql) {
    SQLite::Statement statement(context.database, sql);
    statement.bind(1, environment.value);
    statement.bind(2, as_stored(guild.value));
    statement.bind(3, bot.value);
    return static_cast<std::uint64_t>(statement.exec());
  };
  constexpr const char* where = "environment = ?1 AND guild_id = ?2 AND bot = ?3";
  const std::uint64_t went = of_guild(fmt::format(
      "DELETE FROM record WHERE rowid IN (SELECT rowid FROM record WHERE {} LIMIT {})", where, limit));
  if (went < limit) of_guild(fmt::format("DELETE FROM record_counter WHERE {}", where));
  transaction.commit();
  return went;
}

}  // namespace guildfleet::store
