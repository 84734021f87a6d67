#include <algorithm>

#include "store/postgres/session_tables.hpp"

namespace guildfleet::store {
namespace {

using std::chrono::milliseconds;

// Claims of one bot come one after another.
constexpr const char* lock_sql =
    "SELECT pg_advisory_xact_lock(hashtextextended('guildfleet identify ' || $1, 0))";

// A clock that was set back must not make anybody wait longer than the spacing.
constexpr const char* claim_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now),
newest AS MATERIALIZED (
  SELECT least($6::bigint, coalesce(max(at_ms) + $6::bigint - (SELECT now FROM clock), 0)) AS wait
  FROM guildfleet.identify_log
  WHERE bot = $1 AND shard_index % $4::integer = $5::integer),
noted AS (
  INSERT INTO guildfleet.identify_log(bot, shard_count, shard_index, at_ms)
  SELECT $1, $2::integer, $3::integer, now FROM clock, newest WHERE wait <= 0)
SELECT greatest(wait, 0) FROM newest
)sql";

constexpr std::int64_t hour_ms = 3'600'000;

}  // namespace

milliseconds claim_identify_slot(sql_transaction& transaction, const lease_key& key,
                                 std::uint32_t max_concurrency, milliseconds spacing) {
  const std::uint32_t buckets = std::max(max_concurrency, 1U);
  transaction.exec(lock_sql, sql_params().text(key.bot.value));
  const auto rows = transaction.exec(claim_sql, sql_params()
                                                    .text(key.bot.value)
                                                    .integer(key.shard.count)
                                                    .integer(key.shard.index)
                                                    .integer(buckets)
                                                    .integer(key.shard.index % buckets)
                                                    .integer(spacing.count()));
  const milliseconds wait(rows.integer(0, 0));
  if (wait.count() > 0) {
    transaction.abandon();
    return wait;
  }
  transaction.exec(
      "DELETE FROM guildfleet.identify_log WHERE bot = $1 AND at_ms < guildfleet.store_ms() - $2::bigint",
      sql_params().text(key.bot.value).integer(48 * hour_ms));
  return wait;
}

identify_history read_identifies(sql_transaction& transaction, const bot_name& bot) {
  const auto rows = transaction.exec(
      "SELECT shard_index, shard_count, greatest(clock.now - at_ms, 0) FROM guildfleet.identify_log, "
      "(SELECT guildfleet.store_ms() AS now OFFSET 0) AS clock "
      "WHERE bot = $1 AND at_ms > clock.now - $2::bigint ORDER BY id DESC",
      sql_params().text(bot.value).integer(24 * hour_ms));
  identify_history history;
  history.last_day = static_cast<std::uint32_t>(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::int64_t ago = rows.integer(row, 2);
    if (ago >= hour_ms) continue;
    history.last_hour.push_back(
        {.shard = {.index = rows.small(row, 0), .count = rows.small(row, 1)}, .ago = milliseconds(ago)});
  }
  return history;
}

}  // namespace guildfleet::store
