#include "fleet/experiments.hpp"

#include <algorithm>

#include "fleet/guild_share.hpp"

namespace guildfleet::fleet {
namespace {

bool takes(const experiment& one, discord::guild_id guild) {
  return one.share_per_million ? drawn(guild, one.name, *one.share_per_million) : one.guilds.contains(guild);
}

}  // namespace

bool drawn(discord::guild_id guild, std::string_view salt, std::uint32_t share_per_million) {
  return in_share(guild, share_salt("experiment", salt), share_per_million / 1e6);
}

std::string_view experiment_list::variant_of(std::string_view feature, discord::guild_id guild,
                                             base::wall_time now) const {
  if (guild.empty()) return {};
  const auto found = std::ranges::find_if(all_, [&](const experiment& one) {
    return one.feature == feature && one.is_on(now) && takes(one, guild);
  });
  return found == all_.end() ? std::string_view() : std::string_view(found->variant);
}

std::vector<given_variant> experiment_list::variants_in(discord::guild_id guild, base::wall_time now) const {
  std::vector<given_variant> out;
  for (const experiment& one : all_) {
    if (std::ranges::find(out, one.feature, &given_variant::feature) != out.end()) continue;
    const std::string_view variant = variant_of(one.feature, guild, now);
    if (!variant.empty()) out.push_back({one.feature, variant});
  }
  return out;
}

experiment_group experiment_list::group_of(std::size_t place, discord::guild_id guild,
                                           base::wall_time now) const {
  const experiment& one = all_[place];
  if (guild.empty() || !one.is_on(now)) return experiment_group::outside;
  const std::string_view given = variant_of(one.feature, guild, now);
  if (takes(one, guild)) return given == one.variant ? experiment_group::treated : experiment_group::outside;
  return given.empty() ? experiment_group::control : experiment_group::outside;
}

}  // namespace guildfleet::fleet
