#include <fmt/format.h>

#include "store/error.hpp"
#include "store/postgres/rollout_tables.hpp"
#include "store/postgres/session_tables.hpp"

namespace guildfleet::store {
namespace {

// The name is free when its row is our own, expired, or of a predecessor that has not been seen since we came
// ($10). A younger process that took it during our term ($11) has taken it from the living.
//
// Others that are gone for a day are forgotten on the way, without a round trip of its own; rows that
// somebody else is at are left out, so that no two nodes wait for each other.
constexpr const char* attend_sql = R"sql(
WITH forgotten AS (
  DELETE FROM guildfleet.node WHERE name IN (
    SELECT name FROM guildfleet.node WHERE name <> $1 AND expires_ms <= guildfleet.store_ms() - 86400000
    FOR UPDATE SKIP LOCKED))
INSERT INTO guildfleet.node AS held
  (name, incarnation, release, address, certificate, weight, draining, serves, started_ms, seen_ms, expires_ms)
SELECT $1, $2::bigint, $3, $4, $5, $6::bigint, $7::integer <> 0, $8, $10::bigint,
       clock.now, clock.now + $9::bigint
FROM (SELECT guildfleet.store_ms() AS now OFFSET 0) AS clock
ON CONFLICT (name) DO UPDATE SET
  incarnation = excluded.incarnation, release = excluded.release, address = excluded.address,
  certificate = excluded.certificate, weight = excluded.weight, draining = excluded.draining,
  serves = excluded.serves, started_ms = excluded.started_ms, seen_ms = excluded.seen_ms,
  drain_asked = held.drain_asked AND held.incarnation = excluded.incarnation,
  expires_ms = excluded.expires_ms
WHERE held.incarnation = excluded.incarnation OR held.expires_ms <= excluded.seen_ms
   OR held.seen_ms < $10::bigint OR (held.started_ms > $10::bigint AND held.started_ms < $11::bigint)
RETURNING expires_ms, seen_ms
)sql";

// A row for each that a node serves, and one for a node that serves nothing; the certificate in the first.
constexpr const char* nodes_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now)
SELECT name, incarnation, release, address,
       CASE WHEN coalesce(served.place, 1) = 1 THEN certificate ELSE '' END, weight, draining::integer,
       clock.now - started_ms, clock.now - seen_ms, served.value ->> 0, served.value ->> 1,
       drain_asked::integer, coalesce(served.value ->> 2, '0')
FROM clock, guildfleet.node
LEFT JOIN LATERAL json_array_elements(serves::json) WITH ORDINALITY AS served(value, place) ON true
WHERE expires_ms > clock.now
ORDER BY name COLLATE "C", served.place
)sql";

constexpr std::string_view leases_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now)
SELECT bot, shard_count, shard_index, node, incarnation, epoch, greatest(expires_ms - clock.now, 0)
FROM clock, guildfleet.lease {}
ORDER BY bot COLLATE "C", shard_count, shard_index
)sql";

node_row node_at(const sql_rows& rows, std::size_t row) {
  return {.identity = {.name = rows.text(row, 0), .incarnation = rows.stored(row, 1)},
          .report = {.release = rows.text(row, 2),
                     .address = rows.text(row, 3),
                     .certificate = rows.text(row, 4),
                     .weight = rows.small(row, 5),
                     .draining = rows.integer(row, 6) != 0},
          .drain_asked = rows.integer(row, 11) != 0,
          .up_for = std::chrono::milliseconds(rows.integer(row, 7)),
          .seen_ago = std::chrono::milliseconds(rows.integer(row, 8))};
}

std::vector<node_row> read_living_nodes(sql_transaction& transaction) {
  const auto rows = transaction.exec(nodes_sql);
  std::vector<node_row> nodes;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (nodes.empty() || nodes.back().identity.name != rows.text(row, 0)) nodes.push_back(node_at(rows, row));
    if (rows.null(row, 9)) continue;
    nodes.back().report.serves.push_back(
        {.bot = {rows.text(row, 9)}, .count = rows.small(row, 10), .intents = rows.stored(row, 12)});
  }
  return nodes;
}

std::vector<lease_row> lease_rows_of(const sql_rows& rows) {
  std::vector<lease_row> leases;
  leases.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    leases.push_back({.key = {.bot = {rows.text(row, 0)},
                              .shard = {.index = rows.small(row, 2), .count = rows.small(row, 1)}},
                      .owner = {.name = rows.text(row, 3), .incarnation = rows.stored(row, 4)},
                      .epoch = rows.stored(row, 5),
                      .free_in = std::chrono::milliseconds(rows.integer(row, 6))});
  }
  return leases;
}

std::vector<lease_row> read_served_leases(sql_transaction& transaction,
                                          std::span<const served_shards> serves) {
  std::vector<std::string> bots;
  std::vector<std::int64_t> counts;
  for (const served_shards& served : serves) {
    bots.push_back(served.bot.value);
    counts.push_back(served.count);
  }
  return lease_rows_of(transaction.exec(
      fmt::format(leases_sql,
                  "WHERE (bot, shard_count) IN (SELECT * FROM unnest($1::text[], $2::integer[])) "
                  "OR (bot = ANY($1::text[]) AND expires_ms > clock.now)"),
      sql_params().texts(bots).integers(counts)));
}

sql_params attend_params(const asking_node& node, const node_report& report, std::chrono::milliseconds ttl,
                         std::int64_t term_end_ms) {
  return sql_params()
      .text(node.identity.name)
      .stored(node.identity.incarnation)
      .text(report.release)
      .text(report.address)
      .text(report.certificate)
      .integer(report.weight)
      .integer(report.draining ? 1 : 0)
      .text(serves_as_json(report.serves))
      .integer(ttl.count())
      .integer(node.opened_ms)
      .integer(term_end_ms);
}

}  // namespace

base::result<attended_fleet> attend_fleet(sql_transaction& transaction, const asking_node& node,
                                          const node_report& report, std::chrono::milliseconds ttl,
                                          std::int64_t term_end_ms) {
  const auto written = transaction.exec(attend_sql, attend_params(node, report, ttl, term_end_ms));
  if (written.empty()) {
    return base::fail(store_error::bot_runs_twice, fmt::format("node {}", node.identity.name),
                      "Stop the other process, or, when both are wanted, give each its own NODE_NAME.");
  }
  return attended_fleet{.picture = {.nodes = read_living_nodes(transaction),
                                    .leases = read_served_leases(transaction, report.serves),
                                    .at_ms = written.integer(0, 1),
                                    .releases = read_served_releases(transaction, report.serves)},
                        .term_end_ms = written.integer(0, 0)};
}

fleet_picture survey_fleet(sql_transaction& transaction) {
  return {.nodes = read_living_nodes(transaction),
          .leases = lease_rows_of(transaction.exec(fmt::format(leases_sql, ""))),
          .at_ms = transaction.exec("SELECT guildfleet.store_ms()").integer(0, 0),
          .releases = read_bot_releases(transaction)};
}

bool ask_node_to_drain(sql_transaction& transaction, const std::string& node, bool drain) {
  return !transaction
              .exec(
                  "UPDATE guildfleet.node SET drain_asked = $2::integer <> 0 WHERE name = $1 AND "
                  "expires_ms > guildfleet.store_ms() RETURNING name",
                  sql_params().text(node).integer(drain ? 1 : 0))
              .empty();
}

void leave_fleet(sql_transaction& transaction, const node_identity& node) {
  transaction.exec("DELETE FROM guildfleet.node WHERE name = $1 AND incarnation = $2::bigint",
                   sql_params().text(node.name).stored(node.incarnation));
  transaction.exec(
      "UPDATE guildfleet.lease SET node = '', incarnation = 0, expires_ms = 0 WHERE node = $1 AND "
      "incarnation = $2::bigint",
      sql_params().text(node.name).stored(node.incarnation));
}

}  // namespace guildfleet::store
