#include "features/origins.hpp"

namespace guildfleet::features {
namespace {

constexpr std::chrono::hours remembered_for{24};  // events come again for minutes at most

store::record_key origin_key(discord::guild_id guild, discord::interaction_id by) {
  return {guild, "origin", fmt::format("{}", by)};
}

}  // namespace

net::task<base::result<std::optional<std::uint64_t>>> number_made_by(record_port& records,
                                                                     discord::guild_id guild,
                                                                     discord::interaction_id by) {
  const auto row = co_await records.get(origin_key(guild, by));
  if (!row) co_return std::unexpected(row.error());
  if (!*row) co_return std::nullopt;
  co_return discord::parse_snowflake((*row)->value).value_or(0);
}

store::record_change made_by(discord::guild_id guild, discord::interaction_id by, std::uint64_t number) {
  return {.key = origin_key(guild, by), .value = fmt::format("{}", number), .keep_for = remembered_for};
}

}  // namespace guildfleet::features
