#include <algorithm>

#include "store/postgres/session_tables.hpp"

namespace guildfleet::store {
namespace {

using std::chrono::milliseconds;

sql_params shard_params(const lease_key& shard) {
  return sql_params().text(shard.bot.value).integer(shard.shard.count).integer(shard.shard.index);
}

sql_params key_params(const effect_key& key) {
  return shard_params(key.shard).text(key.origin).stored(key.sequence).text(key.action);
}

constexpr const char* insert_sql = R"sql(
INSERT INTO guildfleet.effect(bot, shard_count, shard_index, origin, sequence, action, announced_ms, outcome)
VALUES ($1, $2::integer, $3::integer, $4, $5::bigint, $6, guildfleet.store_ms(), '')
ON CONFLICT DO NOTHING
)sql";

constexpr const char* read_sql = R"sql(
SELECT greatest(guildfleet.store_ms() - announced_ms, 0), outcome FROM guildfleet.effect
WHERE bot = $1 AND shard_count = $2::integer AND shard_index = $3::integer AND origin = $4 AND
  sequence = $5::bigint AND action = $6
)sql";

constexpr const char* conclude_sql = R"sql(
UPDATE guildfleet.effect SET outcome = $7
WHERE bot = $1 AND shard_count = $2::integer AND shard_index = $3::integer AND origin = $4 AND
  sequence = $5::bigint AND action = $6
)sql";

constexpr const char* forget_sql = R"sql(
DELETE FROM guildfleet.effect
WHERE bot = $1 AND shard_count = $2::integer AND shard_index = $3::integer AND
  ((origin = $4 AND sequence <= $5::bigint) OR announced_ms < guildfleet.store_ms() - $6::bigint)
)sql";

constexpr std::int64_t kept_at_most_ms = std::int64_t{8} * 24 * 3'600'000;

}  // namespace

announced_effect announce_effect(sql_transaction& transaction, const effect_key& key) {
  if (transaction.exec(insert_sql, key_params(key)).affected() != 0) return {};
  const auto rows = transaction.exec(read_sql, key_params(key));
  // Forgotten between the two statements: the ledger has passed it, so it was done.
  if (rows.empty()) return {.first = false, .ago = milliseconds(0), .outcome = "forgotten"};
  return {.first = false, .ago = milliseconds(rows.integer(0, 0)), .outcome = rows.text(0, 1)};
}

void conclude_effect(sql_transaction& transaction, const effect_key& key, const std::string& outcome) {
  transaction.exec(conclude_sql, key_params(key).text(outcome));
}

void forget_effects(sql_transaction& transaction, const lease_key& shard, const std::string& session,
                    std::uint64_t sequence) {
  transaction.exec(forget_sql, shard_params(shard).text(session).stored(sequence).integer(kept_at_most_ms));
}

}  // namespace guildfleet::store
