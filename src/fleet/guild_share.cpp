#include "fleet/guild_share.hpp"

#include <algorithm>
#include <cmath>

#include "base/fnv1a.hpp"

namespace guildfleet::fleet {
namespace {

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): ids that differ in one bit are far apart.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

// Shards in the order in which they go to the new release.
std::vector<std::uint32_t> order_of_shards(std::uint32_t count, std::uint64_t salt) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> places;
  places.reserve(count);
  for (std::uint32_t shard = 0; shard < count; ++shard) places.emplace_back(mix(shard ^ ~salt), shard);
  std::ranges::sort(places);
  std::vector<std::uint32_t> order;
  order.reserve(count);
  for (const auto& [place, shard] : places) order.push_back(shard);
  return order;
}

// 0.29 x 100 is a little less than 29.
constexpr double rounding = 1e-9;

}  // namespace

std::uint64_t share_salt(std::string_view bot, std::string_view release) {
  return mix(base::fnv1a(release, base::fnv1a(bot) + 1));
}

bool in_share(discord::guild_id guild, std::uint64_t salt, double share) {
  const std::uint64_t place = mix(mix(guild.value) ^ salt) >> 11U;
  return std::ldexp(static_cast<double>(place), -53) < share;
}

release_places places_at(std::uint32_t count, std::uint64_t salt, double share) {
  release_places places;
  places.whole.assign(count, false);
  const double wanted = std::clamp(share, 0.0, 1.0) * count;
  const auto whole = static_cast<std::uint32_t>(std::floor(wanted + rounding));
  const std::vector<std::uint32_t> order = order_of_shards(count, salt);
  for (std::uint32_t i = 0; i < whole; ++i) places.whole[order[i]] = true;
  const double rest = wanted - whole;
  if (whole >= count || rest <= rounding) return places;
  places.delegating = discord::shard_id{order[whole], count};
  places.delegated_share = rest;
  return places;
}

bool delegated(const release_places& places, discord::guild_id guild, std::uint64_t salt,
               std::span<const discord::guild_id> chosen) {
  const discord::shard_id shard =
      discord::shard_of(guild, std::max<std::uint32_t>(1, static_cast<std::uint32_t>(places.whole.size())));
  if (shard.index < places.whole.size() && places.whole[shard.index]) return false;
  if (std::ranges::find(chosen, guild) != chosen.end()) return true;
  return places.delegating == shard && in_share(guild, salt, places.delegated_share);
}

}  // namespace guildfleet::fleet
