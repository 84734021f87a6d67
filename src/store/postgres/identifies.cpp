#include <algorithm>

#include "store/postgres/session_tables.hpp"

namespace guildfleet::store {
namespace {

using std::chrono::milliseconds;

// Claims of one bot come one after another.
constexpr const char* lock_sql =
    "SELECT pg_advisory_xact_lock(hashtextextended('guildfleet identify ' || $1, 0))";

// What lies ahead was recorded before the clock was set back; it is as if it had been recorded now, so that
// nobody waits until the clock has come to it again.
constexpr const char* heal_sql = R"sql(
UPDATE guildfleet.identify_log SET at_ms = clock.now, arrives_ms = clock.now + greatest(arrives_ms - at_ms, 0)
FROM (SELECT guildfleet.store_ms() AS now) AS clock WHERE bot = $1 AND at_ms > clock.now
)sql";

// What was used since then stays counted.
constexpr const char* heal_budget_sql = R"sql(
UPDATE guildfleet.identify_budget SET read_ms = clock.now,
  resets_ms = CASE WHEN resets_ms > 0 THEN clock.now + greatest(resets_ms - read_ms, 1) ELSE 0 END
FROM (SELECT guildfleet.store_ms() AS now) AS clock WHERE bot = $1 AND read_ms > clock.now
)sql";

// When it is the bucket's turn: of bot $1, $2 buckets, bucket $3, spacing $4, and $5 until the next look.
// While its newest one is not answered the turn may come any time from when that was recorded. An answer that
// takes longer than a minute says nothing of when it arrived.
constexpr std::string_view turn_cte = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now),
newest AS MATERIALIZED (
  SELECT at_ms, coalesce(arrives_ms, at_ms) AS arrives, answered FROM guildfleet.identify_log, clock
  WHERE bot = $1 AND at_ms > now - $4::bigint - 60000 AND shard_index % $2::integer = $3::integer
  ORDER BY arrives DESC LIMIT 1),
turn AS MATERIALIZED (
  SELECT coalesce((SELECT CASE WHEN answered OR arrives + $4::bigint <= now THEN arrives + $4::bigint - now
                               ELSE greatest(at_ms + $4::bigint - now, $5::bigint) END FROM newest), 0) AS wait
  FROM clock)
)sql";

// Without a lock: of many nodes that wait for a bucket one at a time is lucky. What lies ahead of the clock
// is for who has the lock.
constexpr std::string_view look_sql = R"sql(
SELECT CASE WHEN EXISTS (SELECT FROM newest, clock WHERE at_ms > now) THEN 0 ELSE greatest(wait, 0) END FROM turn
)sql";

constexpr std::string_view claim_sql = R"sql(,
budget AS MATERIALIZED (
  SELECT CASE WHEN resets_ms BETWEEN 1 AND now THEN total ELSE remaining END AS before,
         CASE WHEN resets_ms BETWEEN 1 AND now THEN resets_ms ELSE read_ms END AS since
  FROM guildfleet.identify_budget, clock WHERE bot = $1),
rest AS MATERIALIZED (
  SELECT greatest(before - (SELECT count(*) FROM guildfleet.identify_log WHERE bot = $1 AND at_ms >= since), 0)
         AS unused
  FROM budget),
verdict AS MATERIALIZED (
  SELECT wait, (SELECT unused FROM rest) AS unused,
         coalesce((SELECT unused FROM rest) <= $6::bigint, false) AS kept FROM turn),
noted AS (
  INSERT INTO guildfleet.identify_log(bot, shard_count, shard_index, at_ms, node, incarnation, arrives_ms,
                                      answered)
  SELECT $1, $7::integer, $8::integer, now, $9, $10::bigint, now + $11::bigint, false
  FROM clock, verdict WHERE wait <= 0 AND NOT kept RETURNING id)
SELECT greatest(wait, 0), kept, unused, (SELECT id FROM noted) FROM verdict
)sql";

constexpr const char* budget_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() - $6::bigint AS asked)
INSERT INTO guildfleet.identify_budget AS old (bot, total, remaining, max_concurrency, read_ms, resets_ms)
SELECT $1, $2::bigint, $3::bigint, $4::bigint, asked,
       CASE WHEN $5::bigint > 0 THEN asked + $5::bigint ELSE 0 END FROM clock
ON CONFLICT (bot) DO UPDATE SET total = excluded.total, remaining = excluded.remaining,
  max_concurrency = excluded.max_concurrency, read_ms = excluded.read_ms, resets_ms = excluded.resets_ms
WHERE old.read_ms <= excluded.read_ms OR old.read_ms > guildfleet.store_ms()
)sql";

constexpr const char* read_budget_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now)
SELECT total, remaining, max_concurrency, greatest(resets_ms - read_ms, 0), greatest(now - read_ms, 0),
  (SELECT count(*) FROM guildfleet.identify_log AS log WHERE log.bot = $1 AND at_ms >=
     CASE WHEN resets_ms BETWEEN 1 AND now THEN resets_ms ELSE read_ms END)
FROM guildfleet.identify_budget, clock WHERE bot = $1
)sql";

constexpr const char* read_starts_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now)
SELECT count(DISTINCT incarnation), coalesce(greatest((SELECT now FROM clock) - max(at_ms), 0), 0)
FROM guildfleet.identify_log
WHERE bot = $1 AND node = $2 AND incarnation <> $3::bigint AND at_ms > (SELECT now FROM clock) - $4::bigint
)sql";

constexpr std::int64_t hour_ms = 3'600'000;

std::optional<known_budget> read_budget(sql_transaction& transaction, const bot_name& bot) {
  const auto rows = transaction.exec(read_budget_sql, sql_params().text(bot.value));
  if (rows.empty()) return std::nullopt;
  return known_budget{.said = {.total = rows.small(0, 0),
                               .remaining = rows.small(0, 1),
                               .max_concurrency = rows.small(0, 2),
                               .reset_after = milliseconds(rows.integer(0, 3))},
                      .age = milliseconds(rows.integer(0, 4)),
                      .used = rows.small(0, 5)};
}

}  // namespace

claimed_identify claim_identify_slot(sql_transaction& transaction, const node_identity& node,
                                     const lease_key& key, const identify_claim& claim) {
  static const std::string look = std::string(turn_cte) + std::string(look_sql);
  static const std::string take = std::string(turn_cte) + std::string(claim_sql);
  const std::uint32_t buckets = std::max(claim.max_concurrency, 1U);
  const auto bucket = [&] {
    return sql_params()
        .text(key.bot.value)
        .integer(buckets)
        .integer(key.shard.index % buckets)
        .integer(claim.spacing.count())
        .integer(look_for_answer_again.count());
  };
  claimed_identify out{.wait = milliseconds(transaction.exec(look, bucket()).integer(0, 0))};
  if (out.wait.count() > 0) {
    transaction.abandon();
    return out;
  }
  transaction.exec(lock_sql, sql_params().text(key.bot.value));
  const bool healed = transaction.exec(heal_sql, sql_params().text(key.bot.value)).affected() > 0;
  if (healed) transaction.exec(heal_budget_sql, sql_params().text(key.bot.value));
  const auto rows = transaction.exec(take, bucket()
                                               .integer(claim.keep_back)
                                               .integer(key.shard.count)
                                               .integer(key.shard.index)
                                               .text(node.name)
                                               .stored(node.incarnation)
                                               .integer(claim.arrives_within.count()));
  out = {.wait = milliseconds(rows.integer(0, 0)), .kept_back = rows.text(0, 1) == "t"};
  if (!rows.null(0, 2)) out.left = rows.small(0, 2);
  if (!rows.null(0, 3)) out.id = rows.integer(0, 3);
  if (!out.granted()) {
    if (!healed) transaction.abandon();
    return out;
  }
  transaction.exec(
      "DELETE FROM guildfleet.identify_log WHERE bot = $1 AND at_ms < guildfleet.store_ms() - $2::bigint",
      sql_params().text(key.bot.value).integer(48 * hour_ms));
  return out;
}

void note_identify_answer(sql_transaction& transaction, std::int64_t id, milliseconds ago) {
  transaction.exec(
      "UPDATE guildfleet.identify_log SET answered = true, arrives_ms = guildfleet.store_ms() - $2::bigint "
      "WHERE id = $1::bigint",
      sql_params().integer(id).integer(ago.count()));
}

void forget_identify(sql_transaction& transaction, std::int64_t id) {
  transaction.exec("DELETE FROM guildfleet.identify_log WHERE id = $1::bigint AND NOT answered",
                   sql_params().integer(id));
}

void write_identify_budget(sql_transaction& transaction, const bot_name& bot, const identify_budget& budget,
                           milliseconds age) {
  transaction.exec(budget_sql, sql_params()
                                   .text(bot.value)
                                   .integer(budget.total)
                                   .integer(budget.remaining)
                                   .integer(budget.max_concurrency)
                                   .integer(budget.reset_after.count())
                                   .integer(age.count()));
}

identify_history read_identifies(sql_transaction& transaction, const node_identity& node,
                                 const bot_name& bot) {
  identify_history history;
  history.budget = read_budget(transaction, bot);
  const auto starts = transaction.exec(
      read_starts_sql,
      sql_params().text(bot.value).text(node.name).stored(node.incarnation).integer(hour_ms));
  history.starts = {.count = starts.small(0, 0), .newest_ago = milliseconds(starts.integer(0, 1))};
  const auto rows = transaction.exec(
      "SELECT shard_index, shard_count, greatest(clock.now - at_ms, 0) FROM guildfleet.identify_log, "
      "(SELECT guildfleet.store_ms() AS now OFFSET 0) AS clock "
      "WHERE bot = $1 AND at_ms > clock.now - $2::bigint ORDER BY id DESC",
      sql_params().text(bot.value).integer(24 * hour_ms));
  for (std::size_t row = 0; row < rows.size(); ++row)
    count_identify(history, {.index = rows.small(row, 0), .count = rows.small(row, 1)},
                   milliseconds(rows.integer(row, 2)));
  return history;
}

}  // namespace guildfleet::store
