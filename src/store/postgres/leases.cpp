#include <fmt/format.h>

#include "store/error.hpp"
#include "store/postgres/session_tables.hpp"

namespace guildfleet::store {
namespace {

sql_params key_params(const lease_key& key) {
  return sql_params().text(key.bot.value).integer(key.shard.count).integer(key.shard.index);
}

// While it waits for the row's lock its owner may renew: the last condition is then checked again with the
// renewed expiry, and the time granted is counted from before the wait.
constexpr const char* acquire_sql = R"sql(
INSERT INTO guildfleet.lease AS held
  (bot, shard_count, shard_index, node, incarnation, epoch, renewed_ms, expires_ms)
SELECT $1, $2::integer, $3::integer, $4, $5::bigint, 1, clock.now, clock.now + $6::bigint
FROM (SELECT guildfleet.store_ms() AS now OFFSET 0) AS clock
ON CONFLICT (bot, shard_count, shard_index) DO UPDATE SET
  node = excluded.node, incarnation = excluded.incarnation,
  renewed_ms = excluded.renewed_ms, expires_ms = excluded.expires_ms,
  epoch = held.epoch + CASE WHEN (held.node, held.incarnation) = (excluded.node, excluded.incarnation)
                            THEN 0 ELSE 1 END
WHERE (held.node, held.incarnation) = (excluded.node, excluded.incarnation)
   OR held.node = '' OR held.expires_ms <= excluded.renewed_ms
RETURNING epoch
)sql";

constexpr const char* holder_sql = R"sql(
SELECT node, greatest(expires_ms - guildfleet.store_ms(), 0), renewed_ms
FROM guildfleet.lease WHERE bot = $1 AND shard_count = $2 AND shard_index = $3
)sql";

// Of the rows of $1, $2, $3 (bots, counts, indexes) those that the node ($4, $5) owns.
constexpr std::string_view ours_among_keys = R"sql(
FROM unnest($1::text[], $2::integer[], $3::integer[]) AS wanted(bot, shard_count, shard_index)
WHERE held.bot = wanted.bot AND held.shard_count = wanted.shard_count
  AND held.shard_index = wanted.shard_index AND held.node = $4 AND held.incarnation = $5
)sql";

sql_params ours(const node_identity& node, std::span<const lease_key> keys) {
  std::vector<std::string> bots;
  std::vector<std::int64_t> counts;
  std::vector<std::int64_t> indexes;
  for (const lease_key& key : keys) {
    bots.push_back(key.bot.value);
    counts.push_back(key.shard.count);
    indexes.push_back(key.shard.index);
  }
  return sql_params().texts(bots).integers(counts).integers(indexes).text(node.name).stored(node.incarnation);
}

std::unexpected<base::error> explain_twice(const node_identity& node, const lease_key& key) {
  return base::fail(store_error::bot_runs_twice,
                    fmt::format("bot {}: shard {}: node {}", key.bot.value, key.shard, node.name),
                    "Stop the other process, or, when both are wanted, give each its own NODE_NAME.");
}

}  // namespace

base::result<acquire_outcome> acquire_lease(sql_transaction& transaction, const asking_node& node,
                                            const lease_key& key, std::chrono::milliseconds ttl) {
  const auto granted = transaction.exec(
      acquire_sql,
      key_params(key).text(node.identity.name).stored(node.identity.incarnation).integer(ttl.count()));
  if (!granted.empty()) return lease{.key = key, .epoch = granted.stored(0, 0)};
  const auto holder = transaction.exec(holder_sql, key_params(key));
  if (holder.empty()) return held_by{};  // leases are never deleted; asked again at the next turn
  // A predecessor of our name that has ended renews nothing any more; one that renewed after we came lives.
  if (holder.text(0, 0) == node.identity.name && holder.integer(0, 2) >= node.opened_ms)
    return explain_twice(node.identity, key);
  return held_by{.node = holder.text(0, 0), .free_in = std::chrono::milliseconds(holder.integer(0, 1))};
}

std::vector<lease> renew_leases(sql_transaction& transaction, const node_identity& node,
                                std::span<const lease_key> keys, std::chrono::milliseconds ttl) {
  const auto rows = transaction.exec(
      fmt::format("WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now) "
                  "UPDATE guildfleet.lease AS held SET renewed_ms = (SELECT now FROM clock), "
                  "expires_ms = (SELECT now FROM clock) + $6::bigint {} "
                  "RETURNING held.bot, held.shard_index, held.shard_count, held.epoch",
                  ours_among_keys),
      ours(node, keys).integer(ttl.count()));
  std::vector<lease> renewed;
  renewed.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    renewed.push_back({.key = {.bot = {rows.text(row, 0)},
                               .shard = {.index = rows.small(row, 1), .count = rows.small(row, 2)}},
                       .epoch = rows.stored(row, 3)});
  }
  return renewed;
}

void release_leases(sql_transaction& transaction, const node_identity& node,
                    std::span<const lease_key> keys) {
  transaction.exec(
      fmt::format("UPDATE guildfleet.lease AS held SET node = '', incarnation = 0, expires_ms = 0 {}",
                  ours_among_keys),
      ours(node, keys));
}

}  // namespace guildfleet::store
