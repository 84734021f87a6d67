#include <fmt/format.h>
#include <set>

#include "store/postgres/data_tables.hpp"

namespace guildfleet::store {
namespace {

// True of a bot that still keeps its claims against this one ($1 environment, $5 priority, $6 down limit).
constexpr std::string_view owner_stays = R"sql(EXISTS (
  SELECT 1 FROM guildfleet.bot_presence AS owner
  WHERE owner.environment = $1 AND owner.bot = {}.bot AND owner.priority >= $5::integer
    AND owner.seen_ms >= guildfleet.store_ms() - $6::bigint))sql";

// Only what can be taken is touched, so that a bot that claims again and again writes one row. The order is
// the same for all, so that two never wait for each other.
constexpr std::string_view claim_sql = R"sql(
WITH present AS (
  INSERT INTO guildfleet.bot_presence AS known(environment, bot, priority, seen_ms)
  VALUES ($1, $2, $5::integer, guildfleet.store_ms())
  ON CONFLICT (environment, bot) DO UPDATE SET priority = excluded.priority, seen_ms = excluded.seen_ms),
there AS (
  INSERT INTO guildfleet.bot_guild(environment, bot, guild_id)
  SELECT $1, $2, guild_id FROM unnest($3::bigint[]) AS guilds(guild_id) ORDER BY guild_id
  ON CONFLICT DO NOTHING)
INSERT INTO guildfleet.feature_claim AS held(environment, guild_id, feature, bot)
SELECT $1, guilds.guild_id, features.feature, $2
FROM unnest($3::bigint[]) AS guilds(guild_id) CROSS JOIN unnest($4::text[]) AS features(feature)
LEFT JOIN guildfleet.feature_claim AS now ON now.environment = $1 AND now.guild_id = guilds.guild_id
  AND now.feature = features.feature
WHERE now.bot IS NULL OR (now.bot <> $2 AND NOT {})
ORDER BY guilds.guild_id, features.feature
ON CONFLICT (environment, guild_id, feature) DO UPDATE SET bot = excluded.bot
WHERE held.bot <> excluded.bot AND NOT {}
RETURNING guild_id, feature, xmax <> 0
)sql";

// Only other bots' rows are looked at, by the key of the table, so that a bot alone reads none. A row that is
// just being claimed is left to who claims it.
constexpr const char* adopt_sql = R"sql(
WITH found AS (
  SELECT other.environment, other.bot, other.key FROM guildfleet.job AS other
  JOIN guildfleet.feature_claim AS held ON held.environment = $1 AND held.guild_id = other.guild_id
    AND held.bot = $2 AND held.feature = split_part(other.kind, '/', 1)
  WHERE other.environment = $1 AND other.guild_id = ANY($3::bigint[]) AND other.state = 'waiting'
    AND other.first_begun_ms IS NULL AND other.bot IN (
      SELECT bot FROM guildfleet.bot_presence WHERE environment = $1 AND bot <> $2)
    AND NOT EXISTS (SELECT 1 FROM guildfleet.job AS own
      WHERE own.environment = $1 AND own.bot = $2 AND own.key = other.key)
  FOR UPDATE OF other SKIP LOCKED)
UPDATE guildfleet.job AS adopted SET bot = $2 FROM found
WHERE (adopted.environment, adopted.bot, adopted.key) = (found.environment, found.bot, found.key)
RETURNING adopted.key
)sql";

constexpr const char* owners_sql = R"sql(
SELECT guild_id, feature, bot FROM guildfleet.feature_claim
WHERE environment = $1 AND guild_id = ANY($2::bigint[]) AND feature = ANY($3::text[])
ORDER BY guild_id, feature COLLATE "C"
)sql";

std::vector<std::int64_t> as_stored_ids(std::span<const discord::guild_id> guilds) {
  std::vector<std::int64_t> ids;
  ids.reserve(guilds.size());
  for (const discord::guild_id guild : guilds) ids.push_back(static_cast<std::int64_t>(guild.value));
  return ids;
}

}  // namespace

std::vector<feature_claim> claim_guild_features(sql_transaction& in, const claim_request& request) {
  const std::vector<std::int64_t> guilds = as_stored_ids(request.guilds);
  // A row that the insert found there was another bot's.
  const auto changed =
      in.exec(fmt::format(claim_sql, fmt::format(owner_stays, "now"), fmt::format(owner_stays, "held")),
              sql_params()
                  .text(request.environment.value)
                  .text(request.bot.value)
                  .integers(guilds)
                  .texts(request.features)
                  .integer(request.priority)
                  .integer(request.down_limit.count()));
  const auto rows = in.exec(
      owners_sql, sql_params().text(request.environment.value).integers(guilds).texts(request.features));
  std::set<std::pair<std::uint64_t, std::string>> taken;
  for (std::size_t row = 0; row < changed.size(); ++row) {
    if (changed.text(row, 2) == "t") taken.emplace(changed.stored(row, 0), changed.text(row, 1));
  }
  std::vector<feature_claim> owners;
  owners.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    owners.push_back({.guild = {rows.stored(row, 0)},
                      .feature = rows.text(row, 1),
                      .bot = {rows.text(row, 2)},
                      .taken = taken.contains({rows.stored(row, 0), rows.text(row, 1)})});
  }
  return owners;
}

std::uint64_t adopt_waiting_jobs(sql_transaction& in, const environment_name& environment,
                                 const bot_name& bot, std::span<const discord::guild_id> guilds) {
  const auto adopted = in.exec(
      adopt_sql, sql_params().text(environment.value).text(bot.value).integers(as_stored_ids(guilds)));
  return adopted.size();
}

void forget_guild(sql_transaction& in, const environment_name& environment, const bot_name& bot,
                  discord::guild_id guild) {
  in.exec(
      "WITH left_behind AS (DELETE FROM guildfleet.bot_guild WHERE environment = $1 AND bot = $2 AND "
      "guild_id = $3::bigint) DELETE FROM guildfleet.feature_claim WHERE environment = $1 AND bot = $2 AND "
      "guild_id = $3::bigint",
      sql_params().text(environment.value).text(bot.value).stored(guild.value));
}

}  // namespace guildfleet::store
