#include <algorithm>
#include <fmt/format.h>
#include <numeric>

#include "store/postgres/data_tables.hpp"
#include "store/postgres/record_tables.hpp"

namespace guildfleet::store {
namespace {

constexpr std::string_view columns =
    "guild_id, kind, key, value, version, sort, created_ms, changed_ms, expires_ms";
constexpr std::string_view of_key =
    "environment = $1 AND guild_id = $2::bigint AND feature = $3 AND bot = $4 AND kind = $5 AND key = $6";
constexpr std::string_view not_expired =
    "(expires_ms IS NULL OR expires_ms > (SELECT guildfleet.store_ms()))";

sql_params key_params(const record_space& space, const record_key& key) {
  return sql_params()
      .text(space.environment.value)
      .stored(key.guild.value)
      .text(space.feature)
      .text(space.bot.value)
      .text(key.kind)
      .text(key.key);
}

std::optional<std::int64_t> optional_integer(const sql_rows& rows, std::size_t row, int column) {
  if (rows.null(row, column)) return std::nullopt;
  return rows.integer(row, column);
}

record record_at(const sql_rows& rows, std::size_t row) {
  record out{.key = {{rows.stored(row, 0)}, rows.text(row, 1), rows.text(row, 2)},
             .value = rows.bytes(row, 3),
             .version = rows.stored(row, 4),
             .sort = optional_integer(rows, row, 5),
             .created_at = wall_time_of(rows.integer(row, 6)),
             .changed_at = wall_time_of(rows.integer(row, 7)),
             .expires_at = {}};
  if (const auto expires = optional_integer(rows, row, 8)) out.expires_at = wall_time_of(*expires);
  return out;
}

// A new record begins with a version that nobody can have seen of an earlier one. One that has expired is in
// the way of nobody.
constexpr std::string_view insert_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now)
INSERT INTO guildfleet.record AS kept(environment, guild_id, feature, bot, kind, key, value, version, sort,
                                      created_ms, changed_ms, expires_ms)
SELECT $1, $2::bigint, $3, $4, $5, $6, $7::bytea, floor(random() * 1e18)::bigint + 1, $8::bigint, now, now,
  now + $9::bigint FROM clock
ON CONFLICT (environment, guild_id, feature, bot, kind, key) DO UPDATE SET value = excluded.value,
  version = excluded.version, sort = excluded.sort, created_ms = excluded.created_ms,
  changed_ms = excluded.changed_ms, expires_ms = excluded.expires_ms
WHERE kept.expires_ms <= (SELECT now FROM clock)
RETURNING {}
)sql";

constexpr std::string_view update_sql = R"sql(
UPDATE guildfleet.record SET value = $7::bytea, version = version + 1, sort = $8::bigint,
  changed_ms = guildfleet.store_ms(), expires_ms = guildfleet.store_ms() + $9::bigint
WHERE {} AND version = $10::bigint AND {} RETURNING {}
)sql";

sql_params value_params(const record_space& space, const record_change& change) {
  std::optional<std::int64_t> keep;
  if (change.keep_for) keep = change.keep_for->count();
  return key_params(space, change.key)
      .bytes(*change.value)
      .optional_integer(change.sort)
      .optional_integer(keep);
}

// nullopt: it was not possible.
std::optional<record> perform(sql_transaction& in, const record_space& space, const record_change& change) {
  if (!change.value) {
    if (change.expected_version == 0) {
      if (read_record_row(in, space, change.key)) return std::nullopt;
    } else {
      const auto gone =
          in.exec(fmt::format("DELETE FROM guildfleet.record WHERE {} AND version = $7::bigint AND {}",
                              of_key, not_expired),
                  key_params(space, change.key).stored(change.expected_version));
      if (gone.affected() == 0) return std::nullopt;
    }
    return record{.key = change.key, .value = {}, .version = 0, .sort = {}, .expires_at = {}};
  }
  const auto rows = change.expected_version == 0
                        ? in.exec(fmt::format(insert_sql, columns), value_params(space, change))
                        : in.exec(fmt::format(update_sql, of_key, not_expired, columns),
                                  value_params(space, change).stored(change.expected_version));
  if (rows.empty()) return std::nullopt;
  return record_at(rows, 0);
}

// Each record that expires takes more of those away that have, so that they never become many.
void drop_expired(sql_transaction& in, const record_space& space) {
  in.exec(
      "DELETE FROM guildfleet.record WHERE ctid IN (SELECT ctid FROM guildfleet.record WHERE "
      "environment = $1 AND expires_ms <= (SELECT guildfleet.store_ms()) LIMIT 20 FOR UPDATE SKIP LOCKED)",
      sql_params().text(space.environment.value));
}

struct list_words {
  std::string_view where;
  std::string_view order;
};
list_words words_of(record_order order) {
  switch (order) {
    case record_order::by_key:
      return {"(guild_id, key) > ($8::bigint, $9::text)", "guild_id, key"};
    case record_order::by_sort:
      return {"(guild_id, sort, key) > ($8::bigint, $10::bigint, $9::text)", "guild_id, sort, key"};
    case record_order::by_sort_descending:
      break;
  }
  return {"(guild_id, sort, key) < ($8::bigint, $10::bigint, $9::text)",
          "guild_id DESC, sort DESC, key DESC"};
}

}  // namespace

record_outcome change_record_rows(sql_transaction& in, const record_space& space,
                                  std::span<const record_change> changes) {
  // Rows are locked in the same order by all, so that two never wait for each other.
  std::vector<std::size_t> order(changes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return changes[i].key; });
  std::vector<record> written(changes.size());
  for (const std::size_t i : order) {
    auto row = perform(in, space, changes[i]);
    if (!row) {
      in.abandon();
      return record_conflict{i, read_record_row(in, space, changes[i].key)};
    }
    written[i] = *std::move(row);
  }
  if (std::ranges::any_of(changes, [](const auto& each) { return each.keep_for.has_value(); }))
    drop_expired(in, space);
  return written;
}

std::optional<record> read_record_row(sql_transaction& in, const record_space& space, const record_key& key) {
  const auto rows =
      in.exec(fmt::format("SELECT {} FROM guildfleet.record WHERE {} AND {}", columns, of_key, not_expired),
              key_params(space, key));
  if (rows.empty()) return std::nullopt;
  return record_at(rows, 0);
}

record_page list_record_rows(sql_transaction& in, const record_space& space, const record_query& wanted) {
  const list_words words = words_of(wanted.order);
  const key_range range = keys_with(wanted.key_prefix);
  auto params = sql_params()
                    .text(space.environment.value)
                    .integers(guilds_left(wanted))
                    .text(space.feature)
                    .text(space.bot.value)
                    .text(wanted.kind)
                    .text(range.from)
                    .text(range.end);
  std::string where;
  if (wanted.order != record_order::by_key) where += " AND sort IS NOT NULL";
  if (wanted.after) {
    params.stored(wanted.after->guild.value).text(wanted.after->key);
    if (wanted.order != record_order::by_key) params.integer(wanted.after->sort);
    where += fmt::format(" AND {}", words.where);
  }
  const auto rows = in.exec(
      fmt::format("SELECT {} FROM guildfleet.record WHERE environment = $1 AND guild_id = ANY($2::bigint[]) "
                  "AND feature = $3 AND bot = $4 AND kind = $5 AND key >= $6 AND ($7 = '' OR key < $7) AND "
                  "{}{} ORDER BY {} LIMIT {}",
                  columns, not_expired, where, words.order, std::uint64_t{wanted.limit} + 1),
      params);
  std::vector<record> found;
  found.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) found.push_back(record_at(rows, row));
  return page_of(std::move(found), wanted);
}

std::uint64_t count_on(sql_transaction& in, const record_space& space, discord::guild_id guild,
                       const std::string& counter) {
  return in
      .exec(
          "INSERT INTO guildfleet.record_counter AS counted(environment, guild_id, feature, bot, name, "
          "value) VALUES ($1, $2::bigint, $3, $4, $5, 1) "
          "ON CONFLICT (environment, guild_id, feature, bot, name) "
          "DO UPDATE SET value = counted.value + 1 RETURNING value",
          sql_params()
              .text(space.environment.value)
              .stored(guild.value)
              .text(space.feature)
              .text(space.bot.value)
              .text(counter))
      .stored(0, 0);
}

std::vector<feature_of_guild> read_features_in_use(sql_transaction& in, const environment_name& environment,
                                                   const bot_name& bot,
                                                   std::span<const discord::guild_id> guilds,
                                                   std::span<const std::string> features) {
  std::vector<std::int64_t> ids;
  for (const discord::guild_id guild : guilds) ids.push_back(static_cast<std::int64_t>(guild.value));
  const auto rows = in.exec(
      "SELECT guilds.id, features.name FROM unnest($3::bigint[]) AS guilds(id) "
      "CROSS JOIN unnest($4::text[]) AS features(name) "
      "WHERE EXISTS (SELECT 1 FROM guildfleet.settings WHERE environment = $1 AND guild_id = guilds.id AND "
      "feature = features.name AND document IS NOT NULL) OR EXISTS (SELECT 1 FROM guildfleet.record WHERE "
      "environment = $1 AND guild_id = guilds.id AND feature = features.name AND bot IN ('', $2))",
      sql_params().text(environment.value).text(bot.value).integers(ids).texts(features));
  std::vector<feature_of_guild> found;
  found.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row)
    found.push_back({{rows.stored(row, 0)}, rows.text(row, 1)});
  return found;
}

std::uint64_t delete_records_of(sql_transaction& in, const environment_name& environment, const bot_name& bot,
                                discord::guild_id guild, std::uint32_t limit) {
  constexpr const char* where = "environment = $1 AND guild_id = $2::bigint AND bot = $3";
  const auto of_guild = sql_params().text(environment.value).stored(guild.value).text(bot.value);
  const std::uint64_t went =
      in.exec(fmt::format("DELETE FROM guildfleet.record WHERE ctid IN (SELECT ctid FROM guildfleet.record "
                          "WHERE {} LIMIT {} FOR UPDATE)",
                          where, limit),
              of_guild)
          .affected();
  if (went < limit) in.exec(fmt::format("DELETE FROM guildfleet.record_counter WHERE {}", where), of_guild);
  return went;
}

}  // namespace guildfleet::store
