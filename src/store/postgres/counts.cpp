#include <map>

#include "store/postgres/data_tables.hpp"

namespace guildfleet::store {
namespace {

constexpr const char* add_sql = R"sql(
INSERT INTO guildfleet.feature_use AS counted(environment, bot, feature, day, uses)
SELECT $1, bot, feature, to_char(to_timestamp(guildfleet.store_ms() / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
       uses
FROM unnest($2::text[], $3::text[], $4::bigint[]) AS added(bot, feature, uses)
ON CONFLICT (environment, day, bot, feature) DO UPDATE SET uses = counted.uses + excluded.uses
)sql";

constexpr const char* guilds_sql = R"sql(
SELECT bot, count(*) FROM guildfleet.bot_guild WHERE environment = $1 GROUP BY bot ORDER BY bot COLLATE "C"
)sql";

constexpr const char* overlaps_sql = R"sql(
SELECT one.bot, other.bot, count(*) FROM guildfleet.bot_guild AS one
JOIN guildfleet.bot_guild AS other ON other.environment = one.environment AND other.guild_id = one.guild_id
  AND one.bot COLLATE "C" < other.bot COLLATE "C"
WHERE one.environment = $1 GROUP BY 1, 2 ORDER BY one.bot COLLATE "C", other.bot COLLATE "C"
)sql";

// The last 30 days, today among them.
constexpr const char* uses_sql = R"sql(
SELECT bot, feature, sum(uses)::bigint FROM guildfleet.feature_use
WHERE environment = $1 AND day COLLATE "C" > to_char(
  to_timestamp(guildfleet.store_ms() / 1000) AT TIME ZONE 'UTC' - interval '30 days', 'YYYY-MM-DD')
GROUP BY bot, feature ORDER BY bot COLLATE "C", feature COLLATE "C"
)sql";

constexpr const char* changes_sql = R"sql(
SELECT to_char(to_timestamp(at_ms / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)
FROM guildfleet.settings_audit
WHERE environment = $1 AND at_ms > guildfleet.store_ms() - 30::bigint * 86400000
GROUP BY day ORDER BY day
)sql";

}  // namespace

void count_uses(sql_transaction& in, const environment_name& environment, std::span<const feature_use> uses) {
  // One row for each pair, in their order: no row twice in a statement, no two writers that wait for each
  // other.
  std::map<std::pair<std::string, std::string>, std::uint64_t> sums;
  for (const feature_use& use : uses) sums[{use.bot.value, use.feature}] += use.uses;
  std::vector<std::string> bots;
  std::vector<std::string> features;
  std::vector<std::int64_t> counts;
  for (const auto& [pair, sum] : sums) {
    bots.push_back(pair.first);
    features.push_back(pair.second);
    counts.push_back(static_cast<std::int64_t>(sum));
  }
  in.exec(add_sql, sql_params().text(environment.value).texts(bots).texts(features).integers(counts));
}

fleet_counts count_all(sql_transaction& in, const environment_name& environment) {
  const auto only = sql_params().text(environment.value);
  fleet_counts counts;
  const auto guilds = in.exec(guilds_sql, only);
  for (std::size_t row = 0; row < guilds.size(); ++row)
    counts.guilds.push_back({.bot = {guilds.text(row, 0)}, .guilds = guilds.stored(row, 1)});
  const auto overlaps = in.exec(overlaps_sql, only);
  for (std::size_t row = 0; row < overlaps.size(); ++row) {
    counts.overlaps.push_back({.first = {overlaps.text(row, 0)},
                               .second = {overlaps.text(row, 1)},
                               .guilds = overlaps.stored(row, 2)});
  }
  const auto uses = in.exec(uses_sql, only);
  for (std::size_t row = 0; row < uses.size(); ++row)
    counts.uses.push_back(
        {.bot = {uses.text(row, 0)}, .feature = uses.text(row, 1), .uses = uses.stored(row, 2)});
  counts.jobs = count_jobs(in, environment);
  const auto days = in.exec(changes_sql, only);
  for (std::size_t row = 0; row < days.size(); ++row)
    counts.changes.push_back({.date = days.text(row, 0), .changes = days.stored(row, 1)});
  return counts;
}

}  // namespace guildfleet::store
