#include "store/postgres/rollout_tables.hpp"

namespace guildfleet::store {
namespace {

// Samples older than $6 are deleted together, once one is as old as $7, not one with each that is written.
// Leaves out rows that somebody else is at, so that no two nodes wait for each other.
constexpr const char* write_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now),
forgotten AS (
  DELETE FROM guildfleet.release_sample WHERE id IN (
    SELECT id FROM guildfleet.release_sample
    WHERE at_ms < (SELECT now FROM clock) - $6::bigint
      AND EXISTS (SELECT 1 FROM guildfleet.release_sample WHERE at_ms < (SELECT now FROM clock) - $7::bigint)
    FOR UPDATE SKIP LOCKED))
INSERT INTO guildfleet.release_sample(bot, node, incarnation, release, at_ms, figures)
SELECT $1, $2, $3::bigint, $4, clock.now, $5 FROM clock
)sql";

constexpr std::int64_t kept_ms = 60LL * 60 * 1'000;
constexpr std::int64_t overdue_ms = 5LL * 60 * 1'000;

}  // namespace

base::result<void> write_release_sample(sql_transaction& transaction, const release_sample& sample) {
  if (auto fits = check_size("figures of a sample", sample.figures, largest_sample); !fits) return fits;
  transaction.exec(write_sql, sql_params()
                                  .text(sample.bot.value)
                                  .text(sample.node.name)
                                  .stored(sample.node.incarnation)
                                  .text(sample.release)
                                  .text(sample.figures)
                                  .integer(kept_ms)
                                  .integer(kept_ms + overdue_ms));
  return {};
}

std::vector<release_sample> read_release_samples(sql_transaction& transaction, const bot_name& bot,
                                                 std::chrono::milliseconds since) {
  const auto rows = transaction.exec(
      "SELECT bot, node, incarnation, release, at_ms, figures FROM guildfleet.release_sample "
      "WHERE bot = $1 AND at_ms >= (SELECT guildfleet.store_ms()) - $2::bigint ORDER BY at_ms, id",
      sql_params().text(bot.value).integer(since.count()));
  std::vector<release_sample> samples;
  samples.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    samples.push_back({.bot = {rows.text(row, 0)},
                       .node = {.name = rows.text(row, 1), .incarnation = rows.stored(row, 2)},
                       .release = rows.text(row, 3),
                       .at_ms = rows.integer(row, 4),
                       .figures = rows.text(row, 5)});
  }
  return samples;
}

}  // namespace guildfleet::store
