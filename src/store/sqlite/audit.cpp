#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "store/sqlite/data_tables.hpp"

namespace guildfleet::store {
namespace {

constexpr std::uint64_t prune_every = 64;  // changes of a row
constexpr std::int64_t rows_kept_per_guild = 10'000;
constexpr std::chrono::hours time_kept{24 * 366};

constexpr std::string_view audit_columns =
    "id, guild_id, feature, version, before, after, who, origin, at_ms";

audit_row audit_at(SQLite::Statement& query, const environment_name& environment) {
  return {
      .id = unsigned_at(query, 0),
      .key = {.environment = environment,
              .guild = {unsigned_at(query, 1)},
              .feature = query.getColumn(2).getString()},
      .version = unsigned_at(query, 3),
      .before = optional_text_at(query, 4),
      .after = optional_text_at(query, 5),
      .author = {.who = query.getColumn(6).getString(),
                 .origin =
                     parse_change_origin(query.getColumn(7).getString()).value_or(change_origin::command)},
      .at = time_at(query, 8)};
}

void prune_guild(const sqlite_context& context, const settings_key& key) {
  SQLite::Statement prune(
      context.database,
      "DELETE FROM settings_audit WHERE environment = ?1 AND guild_id = ?2 AND (at_ms < ?3 OR id <= "
      "(SELECT id FROM settings_audit WHERE environment = ?1 AND guild_id = ?2 ORDER BY id DESC "
      "LIMIT 1 OFFSET ?4))");
  prune.bind(1, key.environment.value);
  prune.bind(2, as_stored(key.guild.value));
  prune.bind(3, stored_time(context.wall_now - time_kept));
  prune.bind(4, rows_kept_per_guild);
  prune.exec();
}

}  // namespace

void note_change(const sqlite_context& context, const settings_row& row,
                 const std::optional<std::string>& before) {
  SQLite::Statement note(context.database,
                         "INSERT INTO settings_audit(environment, guild_id, feature, version, before, after, "
                         "who, origin, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  note.bind(1, row.key.environment.value);
  note.bind(2, as_stored(row.key.guild.value));
  note.bind(3, row.key.feature);
  note.bind(4, as_stored(row.version));
  bind_optional(note, 5, before);
  bind_optional(note, 6, row.document);
  note.bind(7, row.author.who);
  note.bind(8, std::string(name_of(row.author.origin)));
  note.bind(9, stored_time(row.changed_at));
  note.exec();
  if (row.version % prune_every == 0) prune_guild(context, row.key);
}

std::vector<audit_row> read_history(const sqlite_context& context, const audit_filter& filter) {
  SQLite::Statement query(
      context.database,
      fmt::format("SELECT {} FROM settings_audit WHERE environment = ?1 AND guild_id = ?2 AND "
                  "(?3 = '' OR feature = ?3) AND (?4 = 0 OR id < ?4) ORDER BY id DESC LIMIT ?5",
                  audit_columns));
  query.bind(1, filter.environment.value);
  query.bind(2, as_stored(filter.guild.value));
  query.bind(3, filter.feature);
  query.bind(4, as_stored(filter.before_id));
  query.bind(5, filter.limit);
  std::vector<audit_row> rows;
  while (query.executeStep()) rows.push_back(audit_at(query, filter.environment));
  return rows;
}

std::optional<audit_row> read_audit_row(const sqlite_context& context, const environment_name& environment,
                                        std::uint64_t id) {
  SQLite::Statement query(
      context.database,
      fmt::format("SELECT {} FROM settings_audit WHERE environment = ? AND id = ?", audit_columns));
  query.bind(1, environment.value);
  query.bind(2, as_stored(id));
  if (!query.executeStep()) return std::nullopt;
  return audit_at(query, environment);
}

}  // namespace guildfleet::store
