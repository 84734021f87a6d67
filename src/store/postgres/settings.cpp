#include <fmt/format.h>
#include <map>

#include "store/postgres/data_tables.hpp"
#include "store/postgres/settings_channel.hpp"

namespace guildfleet::store {
namespace {

sql_params key_params(const settings_key& key) {
  return sql_params().text(key.environment.value).stored(key.guild.value).text(key.feature);
}

constexpr const char* row_columns = "feature, version, document, who, origin, changed_ms";

settings_row row_at(const sql_rows& rows, std::size_t row, settings_key key) {
  key.feature = rows.text(row, 0);
  return {.key = std::move(key),
          .version = rows.stored(row, 1),
          .document = rows.optional_text(row, 2),
          .author = {.who = rows.text(row, 3),
                     .origin = parse_change_origin(rows.text(row, 4)).value_or(change_origin::command)},
          .changed_at = wall_time_of(rows.integer(row, 5))};
}

// Locks the counter until the end of the transaction, so that changes become visible in its order, and
// returns its value. Begins at 1: 0 means "no cursor yet".
std::int64_t count_changes(sql_transaction& in, const environment_name& environment, std::size_t added) {
  return in
      .exec(
          "INSERT INTO guildfleet.change_counter AS counted(environment, value) VALUES ($1, 1 + $2::bigint) "
          "ON CONFLICT (environment) DO UPDATE SET value = counted.value + $2::bigint RETURNING value",
          sql_params().text(environment.value).stored(added))
      .integer(0, 0);
}

constexpr const char* change_sql = R"sql(
WITH old AS MATERIALIZED (
  SELECT version, document FROM guildfleet.settings
  WHERE environment = $1 AND guild_id = $2::bigint AND feature = $3),
put AS (
  INSERT INTO guildfleet.settings AS kept
    (environment, guild_id, feature, version, document, who, origin, changed_ms, change)
  SELECT $1, $2::bigint, $3, $4::bigint + 1, $5, $6, $7, guildfleet.store_ms(), $8::bigint
  WHERE coalesce((SELECT version FROM old), 0) = $4::bigint
  ON CONFLICT (environment, guild_id, feature) DO UPDATE SET
    version = excluded.version, document = excluded.document, who = excluded.who, origin = excluded.origin,
    changed_ms = excluded.changed_ms, change = excluded.change
  WHERE kept.version = $4::bigint
  RETURNING changed_ms),
noted AS (
  INSERT INTO guildfleet.settings_audit
    (environment, guild_id, feature, version, before, after, who, origin, at_ms)
  SELECT $1, $2::bigint, $3, $4::bigint + 1, (SELECT document FROM old), $5, $6, $7, changed_ms FROM put)
SELECT changed_ms, pg_notify($9, $10) FROM put
)sql";

// Nothing: the row has another version.
std::optional<settings_row> put_row(sql_transaction& in, const settings_change& change,
                                    const change_author& author, std::int64_t number) {
  const std::uint64_t version = change.expected_version + 1;
  const auto put = in.exec(change_sql, key_params(change.key)
                                           .stored(change.expected_version)
                                           .optional_text(change.document)
                                           .text(author.who)
                                           .text(name_of(author.origin))
                                           .integer(number)
                                           .text(settings_channel)
                                           .text(settings_note({.key = change.key, .version = version})));
  if (put.empty()) return std::nullopt;
  return settings_row{.key = change.key,
                      .version = version,
                      .document = change.document,
                      .author = author,
                      .changed_at = wall_time_of(put.integer(0, 0))};
}

constexpr std::uint64_t prune_every = 64;  // changes of a row
constexpr std::int64_t audit_rows_per_guild = 10'000;
constexpr std::int64_t year_ms = 366LL * 24 * 3'600'000;

// The history is kept for a year, and bounded for each guild.
void prune_history(sql_transaction& in, const settings_key& key) {
  in.exec(
      "DELETE FROM guildfleet.settings_audit WHERE environment = $1 AND guild_id = $2::bigint AND "
      "(at_ms < guildfleet.store_ms() - $3::bigint OR id <= (SELECT id FROM guildfleet.settings_audit WHERE "
      "environment = $1 AND guild_id = $2::bigint ORDER BY id DESC OFFSET $4::bigint LIMIT 1))",
      sql_params()
          .text(key.environment.value)
          .stored(key.guild.value)
          .integer(year_ms)
          .integer(audit_rows_per_guild));
}

constexpr const char* audit_columns = "id, guild_id, feature, version, before, after, who, origin, at_ms";

audit_row audit_at(const sql_rows& rows, std::size_t row, const environment_name& environment) {
  return {.id = rows.stored(row, 0),
          .key = {.environment = environment, .guild = {rows.stored(row, 1)}, .feature = rows.text(row, 2)},
          .version = rows.stored(row, 3),
          .before = rows.optional_text(row, 4),
          .after = rows.optional_text(row, 5),
          .author = {.who = rows.text(row, 6),
                     .origin = parse_change_origin(rows.text(row, 7)).value_or(change_origin::command)},
          .at = wall_time_of(rows.integer(row, 8))};
}

}  // namespace

settings_row read_settings_row(sql_transaction& in, const settings_key& key) {
  const auto rows = in.exec(fmt::format("SELECT {} FROM guildfleet.settings WHERE environment = $1 AND "
                                        "guild_id = $2 AND feature = $3",
                                        row_columns),
                            key_params(key));
  if (rows.empty()) return settings_row{.key = key, .document = {}, .author = {}};
  return row_at(rows, 0, key);
}

std::vector<settings_row> read_guild_rows(sql_transaction& in, const environment_name& environment,
                                          discord::guild_id guild) {
  const auto rows = in.exec(fmt::format("SELECT {} FROM guildfleet.settings WHERE environment = $1 AND "
                                        "guild_id = $2 ORDER BY feature COLLATE \"C\"",
                                        row_columns),
                            sql_params().text(environment.value).stored(guild.value));
  std::vector<settings_row> found;
  found.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row)
    found.push_back(row_at(rows, row, {.environment = environment, .guild = guild, .feature = {}}));
  return found;
}

change_outcome change_settings_rows(sql_transaction& in, std::span<const settings_change> changes,
                                    const change_author& author) {
  std::vector<settings_row> written;
  written.reserve(changes.size());
  if (changes.empty()) return written;
  // All changes of a call are of one environment but for a copy's; each counter is locked once.
  std::map<environment_name, std::size_t> wanted;
  for (const settings_change& change : changes) ++wanted[change.key.environment];
  std::map<environment_name, std::int64_t> next;
  for (const auto& [environment, count] : wanted)
    next[environment] = count_changes(in, environment, count) - static_cast<std::int64_t>(count);
  for (const settings_change& change : changes) {
    auto row = put_row(in, change, author, ++next[change.key.environment]);
    if (!row) {
      in.abandon();
      return settings_conflict{.current = read_settings_row(in, change.key)};
    }
    if (row->version % prune_every == 0) prune_history(in, row->key);
    written.push_back(*std::move(row));
  }
  return written;
}

std::vector<audit_row> read_history(sql_transaction& in, const audit_filter& filter) {
  const auto rows = in.exec(
      fmt::format("SELECT {} FROM guildfleet.settings_audit WHERE environment = $1 AND guild_id = $2 AND "
                  "($3 = '' OR feature = $3) AND ($4::bigint = 0 OR id < $4::bigint) "
                  "ORDER BY id DESC LIMIT $5::bigint",
                  audit_columns),
      sql_params()
          .text(filter.environment.value)
          .stored(filter.guild.value)
          .text(filter.feature)
          .stored(filter.before_id)
          .integer(filter.limit));
  std::vector<audit_row> found;
  found.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row)
    found.push_back(audit_at(rows, row, filter.environment));
  return found;
}

std::optional<audit_row> read_audit_row(sql_transaction& in, const environment_name& environment,
                                        std::uint64_t id) {
  const auto rows =
      in.exec(fmt::format("SELECT {} FROM guildfleet.settings_audit WHERE environment = $1 AND id = $2",
                          audit_columns),
              sql_params().text(environment.value).stored(id));
  if (rows.empty()) return std::nullopt;
  return audit_at(rows, 0, environment);
}

change_page read_changes(sql_transaction& in, const environment_name& environment, std::int64_t cursor,
                         std::uint32_t limit) {
  // One statement: what is read and where it ends are of one moment. A cursor from before a restored backup
  // lies ahead of the counter: everything is told again.
  const auto rows = in.exec(
      "WITH counted AS MATERIALIZED (SELECT coalesce(max(value), 1) AS value FROM guildfleet.change_counter "
      "WHERE environment = $1) "
      "SELECT counted.value, found.guild_id, found.feature, found.version, found.change FROM counted "
      "LEFT JOIN LATERAL (SELECT guild_id, feature, version, change FROM guildfleet.settings WHERE "
      "environment = $1 AND $2::bigint > 0 AND "
      "change > CASE WHEN $2::bigint > counted.value THEN 0 ELSE $2::bigint END "
      "ORDER BY change LIMIT $3::bigint) AS found ON true ORDER BY found.change",
      sql_params().text(environment.value).integer(cursor).integer(limit));
  change_page page{.changes = {}, .cursor = rows.integer(0, 0)};
  if (rows.null(0, 1)) return page;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    page.changes.push_back(
        {.key = {.environment = environment, .guild = {rows.stored(row, 1)}, .feature = rows.text(row, 2)},
         .version = rows.stored(row, 3)});
    page.cursor = rows.integer(row, 4);
  }
  return page;
}

}  // namespace guildfleet::store
