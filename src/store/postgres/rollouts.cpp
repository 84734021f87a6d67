#include <fmt/format.h>

#include "store/postgres/rollout_tables.hpp"

namespace guildfleet::store {
namespace {

constexpr std::string_view rollout_columns =
    "rollout.id, rollout.bot, rollout.version, rollout.state, rollout.active::integer, rollout.started_ms, "
    "rollout.changed_ms";

// The update that never is locks the active one: it is still active when it is read.
constexpr std::string_view start_sql = R"sql(
INSERT INTO guildfleet.rollout(bot, version, state, active, started_ms, changed_ms)
SELECT $1, 1, $2, true, clock.now, clock.now FROM (SELECT guildfleet.store_ms() AS now OFFSET 0) AS clock
ON CONFLICT (bot) WHERE active DO UPDATE SET active = true WHERE false
RETURNING {}
)sql";

constexpr std::string_view change_sql = R"sql(
UPDATE guildfleet.rollout
SET version = version + 1, state = $3, active = $4::integer <> 0, changed_ms = guildfleet.store_ms()
WHERE id = $1::bigint AND version = $2::bigint AND (active OR $4::integer = 0)
RETURNING {}
)sql";

constexpr const char* append_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now)
INSERT INTO guildfleet.rollout_event(rollout, at_ms, who, kind, text)
SELECT $1::bigint, clock.now, added.who, added.kind, added.words
FROM clock, unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS added(who, kind, words, place)
ORDER BY added.place
)sql";

constexpr const char* forget_events_sql = R"sql(
DELETE FROM guildfleet.rollout_event WHERE rollout = $1::bigint AND id <= (
  SELECT id FROM guildfleet.rollout_event WHERE rollout = $1::bigint
  ORDER BY id DESC LIMIT 1 OFFSET $2::bigint)
)sql";

// Their events go with them.
constexpr const char* forget_rollouts_sql = R"sql(
DELETE FROM guildfleet.rollout WHERE id IN (
  SELECT id FROM (
    SELECT id, row_number() OVER (PARTITION BY state LIKE $3 ORDER BY id DESC) AS place
    FROM guildfleet.rollout WHERE bot = $1 AND NOT active) AS ended
  WHERE place > $2::bigint)
)sql";

constexpr std::string_view releases_sql = R"sql(
SELECT wanted.bot, settled.release, {1}
FROM ({0}) AS wanted
LEFT JOIN guildfleet.settled_release AS settled ON settled.bot = wanted.bot
LEFT JOIN guildfleet.rollout ON rollout.bot = wanted.bot AND rollout.active
WHERE settled.bot IS NOT NULL OR rollout.id IS NOT NULL
ORDER BY wanted.bot COLLATE "C"
)sql";

rollout_row rollout_at(const sql_rows& rows, std::size_t row, int first) {
  return {.id = rows.stored(row, first),
          .bot = {rows.text(row, first + 1)},
          .version = rows.stored(row, first + 2),
          .state = rows.text(row, first + 3),
          .active = rows.integer(row, first + 4) != 0,
          .started_ms = rows.integer(row, first + 5),
          .changed_ms = rows.integer(row, first + 6)};
}

std::vector<bot_release> releases_of(const sql_rows& rows) {
  std::vector<bot_release> releases;
  releases.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    auto& release = releases.emplace_back(bot_release{
        .bot = {rows.text(row, 0)}, .settled = rows.optional_text(row, 1).value_or(std::string())});
    if (!rows.null(row, 2)) release.rollout = rollout_at(rows, row, 2);
  }
  return releases;
}

void append_events(sql_transaction& transaction, std::uint64_t rollout,
                   std::span<const rollout_event> events) {
  if (events.empty()) return;
  std::vector<std::string> who;
  std::vector<std::string> kind;
  std::vector<std::string> text;
  for (const rollout_event& event : events) {
    rollout_event kept = bounded(event);
    who.push_back(std::move(kept.who));
    kind.push_back(std::move(kept.kind));
    text.push_back(std::move(kept.text));
  }
  transaction.exec(append_sql, sql_params().stored(rollout).texts(who).texts(kind).texts(text));
  transaction.exec(forget_events_sql, sql_params().stored(rollout).integer(events_kept));
}

void settle(sql_transaction& transaction, const bot_name& bot, const std::string& release) {
  transaction.exec(
      "INSERT INTO guildfleet.settled_release(bot, release) VALUES ($1, $2) "
      "ON CONFLICT (bot) DO UPDATE SET release = excluded.release",
      sql_params().text(bot.value).text(release));
}

}  // namespace

base::result<start_outcome> begin_rollout(sql_transaction& transaction, const bot_name& bot,
                                          const std::string& state, std::span<const rollout_event> events) {
  if (auto fits = check_size("state of a rollout", state, largest_rollout_state); !fits)
    return std::unexpected(std::move(fits).error());
  const auto started =
      transaction.exec(fmt::format(start_sql, rollout_columns), sql_params().text(bot.value).text(state));
  if (started.empty()) {
    const auto other = transaction.exec(
        fmt::format("SELECT {} FROM guildfleet.rollout WHERE bot = $1 AND active", rollout_columns),
        sql_params().text(bot.value));
    transaction.abandon();
    return already_active{.row = rollout_at(other, 0, 0)};
  }
  rollout_row row = rollout_at(started, 0, 0);
  append_events(transaction, row.id, events);
  transaction.exec(
      forget_rollouts_sql,
      sql_params().text(bot.value).integer(finished_rollouts_kept).text(std::string(other_kind_begins)));
  return row;
}

base::result<std::optional<rollout_row>> apply_rollout_change(sql_transaction& transaction,
                                                              const rollout_change& change) {
  if (auto fits = check_size("state of a rollout", change.state, largest_rollout_state); !fits)
    return std::unexpected(std::move(fits).error());
  const auto changed =
      transaction.exec(fmt::format(change_sql, rollout_columns), sql_params()
                                                                     .stored(change.id)
                                                                     .stored(change.version)
                                                                     .text(change.state)
                                                                     .integer(change.active ? 1 : 0));
  if (changed.empty()) {
    transaction.abandon();
    return std::nullopt;
  }
  rollout_row row = rollout_at(changed, 0, 0);
  append_events(transaction, change.id, change.events);
  if (!change.active) forget_guild_cuts(transaction, change.id);
  if (change.settle) settle(transaction, row.bot, *change.settle);
  return row;
}

std::optional<rollout_row> read_newest_rollout(sql_transaction& transaction, const bot_name& bot) {
  auto rows = read_rollouts(transaction, bot, 1);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<rollout_row> read_rollouts(sql_transaction& transaction, const bot_name& bot,
                                       std::uint32_t limit) {
  const auto found = transaction.exec(
      fmt::format("SELECT {} FROM guildfleet.rollout WHERE bot = $1 ORDER BY id DESC LIMIT $2::bigint",
                  rollout_columns),
      sql_params().text(bot.value).integer(limit));
  std::vector<rollout_row> rows;
  rows.reserve(found.size());
  for (std::size_t row = 0; row < found.size(); ++row) rows.push_back(rollout_at(found, row, 0));
  return rows;
}

std::vector<rollout_event> read_rollout_events(sql_transaction& transaction, std::uint64_t id,
                                               std::uint32_t limit) {
  const auto rows = transaction.exec(
      "SELECT id, at_ms, who, kind, text FROM guildfleet.rollout_event WHERE rollout = $1::bigint "
      "ORDER BY id DESC LIMIT $2::bigint",
      sql_params().stored(id).integer(limit));
  std::vector<rollout_event> events;
  events.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    events.push_back({.id = rows.stored(row, 0),
                      .at_ms = rows.integer(row, 1),
                      .who = rows.text(row, 2),
                      .kind = rows.text(row, 3),
                      .text = rows.text(row, 4)});
  }
  return events;
}

std::string read_settled_release(sql_transaction& transaction, const bot_name& bot) {
  const auto rows = transaction.exec("SELECT release FROM guildfleet.settled_release WHERE bot = $1",
                                     sql_params().text(bot.value));
  return rows.empty() ? std::string() : rows.text(0, 0);
}

std::vector<bot_release> read_bot_releases(sql_transaction& transaction) {
  return releases_of(transaction.exec(fmt::format(releases_sql,
                                                  "SELECT bot FROM guildfleet.settled_release UNION "
                                                  "SELECT bot FROM guildfleet.rollout WHERE active",
                                                  rollout_columns)));
}

std::vector<bot_release> read_served_releases(sql_transaction& transaction,
                                              std::span<const served_shards> serves) {
  if (serves.empty()) return {};
  std::vector<std::string> bots;
  for (const served_shards& served : serves) bots.push_back(served.bot.value);
  return releases_of(
      transaction.exec(fmt::format(releases_sql, "SELECT DISTINCT bot FROM unnest($1::text[]) AS served(bot)",
                                   rollout_columns),
                       sql_params().texts(bots)));
}

}  // namespace guildfleet::store
