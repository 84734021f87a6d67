#include "ops/plan/shard_plan.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "ops/plan/figure_text.hpp"

namespace guildfleet::ops {
namespace {

std::uint32_t rounded_up(std::uint32_t count, std::uint32_t multiple) {
  return (count + multiple - 1) / multiple * multiple;
}

// What Discord says is a multiple of the number that it assigned, so every multiple of it is one too.
std::uint32_t multiple_of(const shard_question& question) {
  if (question.multiple) return std::max(1U, *question.multiple);
  if (!is_large_bot(question.guilds)) return 1;
  return std::max(1U, question.discord_says.value_or(usual_multiple));
}

std::string holds_text(std::uint32_t shards, std::uint64_t guilds) {
  return fmt::format("{} {} up to {}", shards, shards == 1 ? "holds" : "hold", grouped(guilds));
}

}  // namespace

bool is_large_bot(std::uint64_t guilds) {
  return guilds >= guilds_of_a_large_bot;
}

std::uint64_t fullest_shard(std::uint64_t guilds, std::uint32_t shards) {
  if (shards <= 1) return guilds;
  const double count = shards;
  const double mean = static_cast<double>(guilds) / count;
  const double deviation = std::sqrt(mean * (1 - 1 / count));
  const double fullest = std::ceil(mean + std::sqrt(2 * std::log(count)) * deviation);
  return std::min(guilds, static_cast<std::uint64_t>(fullest));
}

std::uint64_t guilds_that_fit(std::uint32_t shards) {
  std::uint64_t fits = 0;
  std::uint64_t too_many = std::uint64_t{most_guilds_per_shard} * std::max(1U, shards) + 1;
  while (too_many - fits > 1) {
    const std::uint64_t middle = fits + (too_many - fits) / 2;
    (fullest_shard(middle, shards) <= most_guilds_per_shard ? fits : too_many) = middle;
  }
  return fits;
}

std::uint32_t fewest_shards(std::uint64_t guilds) {
  auto count = static_cast<std::uint32_t>((guilds + most_guilds_per_shard - 1) / most_guilds_per_shard);
  count = std::max(1U, count);
  while (fullest_shard(guilds, count) > most_guilds_per_shard) ++count;
  return count;
}

shard_plan plan_shards(const shard_question& question) {
  shard_plan out;
  out.common_rule = static_cast<std::uint32_t>(question.guilds / most_guilds_per_shard + 1);
  out.multiple = multiple_of(question);
  out.multiple_is_a_guess = is_large_bot(question.guilds) && !question.multiple && !question.discord_says;
  out.least = rounded_up(fewest_shards(question.guilds), out.multiple);
  const auto later =
      static_cast<std::uint64_t>(std::ceil(static_cast<double>(question.guilds) * (1 + question.headroom)));
  out.recommended = rounded_up(fewest_shards(later), out.multiple);
  out.holds = guilds_that_fit(out.recommended);
  out.common_rule_holds = guilds_that_fit(out.common_rule);
  return out;
}

std::string shard_plan::why(std::uint64_t guilds) const {
  std::string out;
  if (multiple > 1 && common_rule % multiple != 0)
    out = fmt::format(
        "A bot of this size must have a multiple of {} shards{}: {} are refused (close code 4010). ",
        multiple, multiple_is_a_guess ? " (a guess: ask Discord with --live)" : "", common_rule);
  if (common_rule_holds < guilds) {
    const std::uint64_t fullest = fullest_shard(guilds, common_rule);
    return out + fmt::format(
                     "With {} the fullest would have about {} guilds, and a shard above {} cannot connect "
                     "(close code 4011).",
                     common_rule, grouped(fullest), grouped(most_guilds_per_shard));
  }
  if (recommended <= common_rule)
    return out + fmt::format("{} guilds, which is room enough.", holds_text(recommended, holds));
  return out + fmt::format(
                   "{} guilds; a shard above {} cannot connect (close code 4011), so the count "
                   "has to last until the next change. {}.",
                   holds_text(common_rule, common_rule_holds), grouped(most_guilds_per_shard),
                   holds_text(recommended, holds));
}

}  // namespace guildfleet::ops
