#include "ops/experiment_overlap.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <span>

namespace guildfleet::ops {
namespace {

constexpr std::uint32_t million = 1'000'000;

bool is_over(const experiment_section& one, base::wall_time now) {
  const auto ends = one.ends();
  return ends && now >= *ends;
}

bool share_a_bot(const fleet_config& config, const experiment_section& a, const experiment_section& b) {
  return std::ranges::any_of(config.bots,
                             [&](const bot_section& bot) { return a.is_for(bot) && b.is_for(bot); });
}

bool reaches(const experiment_section& one) {
  return one.share_per_million ? *one.share_per_million > 0 : !one.guilds.empty();
}

// Draws are independent, so two shares meet somewhere, and a share may meet every listed guild.
bool may_share_a_guild(const experiment_section& a, const experiment_section& b) {
  if (!reaches(a) || !reaches(b)) return false;
  if (a.share_per_million || b.share_per_million) return true;
  return std::ranges::any_of(
      a.guilds, [&](const auto guild) { return std::ranges::find(b.guilds, guild) != b.guilds.end(); });
}

}  // namespace

void warn_of_overlaps(const fleet_config& config, base::wall_time now, reader_context& context) {
  for (std::size_t i = 0; i < config.experiments.size(); ++i) {
    const experiment_section& later = config.experiments[i];
    if (later.feature.empty() || later.variant.empty() || is_over(later, now)) continue;
    for (const experiment_section& first : std::span(config.experiments).first(i)) {
      if (first.feature != later.feature || first.variant == later.variant || first.variant.empty() ||
          is_over(first, now) || !may_share_a_guild(first, later) || !share_a_bot(config, first, later))
        continue;
      const bool hidden = first.share_per_million == million;
      context.problems.push_back(
          {base::severity::warning, context.source, later.at,
           hidden ? fmt::format("the experiment \"{}\" gives all servers another variant of \"{}\", so that "
                                "\"{}\" does nothing",
                                first.name, later.feature, later.name)
                  : fmt::format("the experiments \"{}\" and \"{}\" may give one server different variants of "
                                "\"{}\"; there the first counts",
                                first.name, later.name, later.feature),
           "when that is not meant, give them lists of servers that do not meet"});
    }
  }
}

}  // namespace guildfleet::ops
