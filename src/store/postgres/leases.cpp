#include <fmt/format.h>
#include <set>

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

// As acquire_sql, of the rows of $1, $2, $3 (bots, counts, indexes) in their order. What another node holds
// is not even locked.
constexpr const char* acquire_all_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now)
INSERT INTO guildfleet.lease AS held
  (bot, shard_count, shard_index, node, incarnation, epoch, renewed_ms, expires_ms)
SELECT wanted.bot, wanted.shard_count, wanted.shard_index, $4, $5::bigint, 1, clock.now,
       clock.now + $6::bigint
FROM clock, unnest($1::text[], $2::integer[], $3::integer[])
  WITH ORDINALITY AS wanted(bot, shard_count, shard_index, place)
WHERE NOT EXISTS (
  SELECT 1 FROM guildfleet.lease AS other
  WHERE other.bot = wanted.bot AND other.shard_count = wanted.shard_count
    AND other.shard_index = wanted.shard_index AND other.expires_ms > clock.now AND other.node <> ''
    AND (other.node, other.incarnation) <> ($4, $5::bigint))
ORDER BY wanted.place
ON CONFLICT (bot, shard_count, shard_index) DO UPDATE SET
  node = excluded.node, incarnation = excluded.incarnation,
  renewed_ms = excluded.renewed_ms, expires_ms = excluded.expires_ms,
  epoch = held.epoch + CASE WHEN (held.node, held.incarnation) = (excluded.node, excluded.incarnation)
                            THEN 0 ELSE 1 END
WHERE (held.node, held.incarnation) = (excluded.node, excluded.incarnation)
   OR held.node = '' OR held.expires_ms <= excluded.renewed_ms
RETURNING bot, shard_index, shard_count, epoch
)sql";

// One that a living process of our name ($4, $5) holds; it lives when it has renewed since we came ($6).
constexpr const char* twin_sql = R"sql(
SELECT bot, shard_index, shard_count
FROM guildfleet.lease JOIN unnest($1::text[], $2::integer[], $3::integer[])
  AS wanted(bot, shard_count, shard_index) USING (bot, shard_count, shard_index)
WHERE node = $4 AND incarnation <> $5::bigint AND renewed_ms >= $6::bigint
  AND expires_ms > guildfleet.store_ms()
LIMIT 1
)sql";

// `held` are of the rows of $1, $2, $3 (bots, counts, indexes) those that the node ($4, $5) owns; `mine` has
// them locked in their order.
constexpr std::string_view mine_sql = R"sql(
mine AS MATERIALIZED (
  SELECT bot, shard_count, shard_index
  FROM guildfleet.lease AS owned JOIN unnest($1::text[], $2::integer[], $3::integer[])
    WITH ORDINALITY AS wanted(bot, shard_count, shard_index, place) USING (bot, shard_count, shard_index)
  WHERE owned.node = $4 AND owned.incarnation = $5::bigint
  ORDER BY wanted.place FOR UPDATE OF owned)
)sql";
constexpr std::string_view from_mine = R"sql(
FROM mine WHERE held.bot = mine.bot AND held.shard_count = mine.shard_count
  AND held.shard_index = mine.shard_index
)sql";

// In an order that is the same for every caller: bots, counts, indexes.
sql_params keys_params(std::span<const lease_key> keys) {
  std::vector<std::string> bots;
  std::vector<std::int64_t> counts;
  std::vector<std::int64_t> indexes;
  for (const lease_key& key : std::set(keys.begin(), keys.end())) {
    bots.push_back(key.bot.value);
    counts.push_back(key.shard.count);
    indexes.push_back(key.shard.index);
  }
  return sql_params().texts(bots).integers(counts).integers(indexes);
}

sql_params ours(const node_identity& node, std::span<const lease_key> keys) {
  return keys_params(keys).text(node.name).stored(node.incarnation);
}

lease_key key_at(const sql_rows& rows, std::size_t row) {
  return {.bot = {rows.text(row, 0)}, .shard = {.index = rows.small(row, 1), .count = rows.small(row, 2)}};
}

std::vector<lease> leases_of(const sql_rows& rows) {
  std::vector<lease> leases;
  leases.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row)
    leases.push_back({.key = key_at(rows, row), .epoch = rows.stored(row, 3)});
  return leases;
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

base::result<std::vector<lease>> acquire_leases(sql_transaction& transaction, const asking_node& node,
                                                std::span<const lease_key> keys,
                                                std::chrono::milliseconds ttl) {
  auto granted = leases_of(transaction.exec(acquire_all_sql, ours(node.identity, keys).integer(ttl.count())));
  if (granted.size() == keys.size()) return granted;
  const auto twins = transaction.exec(twin_sql, ours(node.identity, keys).integer(node.opened_ms));
  if (!twins.empty()) return explain_twice(node.identity, key_at(twins, 0));
  return granted;
}

std::vector<lease> renew_leases(sql_transaction& transaction, const node_identity& node,
                                std::span<const lease_key> keys, std::chrono::milliseconds ttl) {
  return leases_of(transaction.exec(
      fmt::format("WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now), {} "
                  "UPDATE guildfleet.lease AS held SET renewed_ms = (SELECT now FROM clock), "
                  "expires_ms = (SELECT now FROM clock) + $6::bigint {} "
                  "RETURNING held.bot, held.shard_index, held.shard_count, held.epoch",
                  mine_sql, from_mine),
      ours(node, keys).integer(ttl.count())));
}

void release_leases(sql_transaction& transaction, const node_identity& node,
                    std::span<const lease_key> keys) {
  transaction.exec(fmt::format("WITH {} UPDATE guildfleet.lease AS held "
                               "SET node = '', incarnation = 0, expires_ms = 0 {}",
                               mine_sql, from_mine),
                   ours(node, keys));
}

// `to` has not been heard of: its own renewal proves that it lives.
std::optional<lease> transfer_lease(sql_transaction& transaction, const node_identity& node,
                                    const lease_key& key, std::uint64_t epoch, const node_identity& to,
                                    std::chrono::milliseconds ttl) {
  // The receiver's row is locked, so that one that leaves at this moment finds the lease among its own.
  const auto moved = transaction.exec(
      "WITH receiver AS (SELECT name FROM guildfleet.node WHERE name = $7 AND incarnation = $8::bigint "
      "AND expires_ms > guildfleet.store_ms() AND NOT draining FOR SHARE) "
      "UPDATE guildfleet.lease SET node = $7, incarnation = $8::bigint, epoch = epoch + 1, "
      "renewed_ms = 0, expires_ms = guildfleet.store_ms() + $9::bigint "
      "WHERE bot = $1 AND shard_count = $2 AND shard_index = $3 "
      "AND node = $4 AND incarnation = $5::bigint AND epoch = $6::bigint "
      "AND EXISTS (SELECT 1 FROM receiver)",
      key_params(key)
          .text(node.name)
          .stored(node.incarnation)
          .stored(epoch)
          .text(to.name)
          .stored(to.incarnation)
          .integer(ttl.count()));
  return moved.affected() > 0 ? std::optional(lease{.key = key, .epoch = epoch + 1}) : std::nullopt;
}

}  // namespace guildfleet::store
