// How many shards a bot needs. Discord refuses a shard with more than 2,500 guilds (close code 4011; protocol
// sheet 1.15), so a count has to last until it is changed the next time. docs/planning.md has the formulas.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace guildfleet::ops {

inline constexpr std::uint32_t most_guilds_per_shard = 2'500;
// From here on the count must be a multiple of a number that Discord assigned; any other is refused (4010).
inline constexpr std::uint64_t guilds_of_a_large_bot = 150'000;
inline constexpr std::uint32_t usual_multiple = 16;  // of those that nobody asked Discord about
inline constexpr std::uint64_t most_planned_guilds = 10'000'000;

struct shard_question {
  std::uint64_t guilds = 0;
  double headroom = 0.5;                        // room for so much more, as part of the guilds
  std::optional<std::uint32_t> multiple{};      // as Discord assigned it to a large bot
  std::optional<std::uint32_t> discord_says{};  // `shards` of GET /gateway/bot: always a valid count
};

struct shard_plan {
  std::uint32_t common_rule = 1;  // guilds / 2500 + 1
  std::uint32_t least = 1;        // with which every shard can connect now
  std::uint32_t recommended = 1;
  std::uint32_t multiple = 1;        // of which `recommended` is one
  bool multiple_is_a_guess = false;  // a large bot whose number nobody told
  std::uint64_t holds = 0;           // guilds that `recommended` suffices for
  std::uint64_t common_rule_holds = 0;

  // In a sentence or two, why the two counts differ, or why not.
  [[nodiscard]] std::string why(std::uint64_t guilds) const;
};

[[nodiscard]] bool is_large_bot(std::uint64_t guilds);

// Guilds of the fullest shard. They are spread by their ids (id >> 22 modulo the count), as evenly as dice:
// the fullest has about sqrt(2 ln shards) standard deviations more than the mean.
[[nodiscard]] std::uint64_t fullest_shard(std::uint64_t guilds, std::uint32_t shards);

// The most guilds with which the fullest of so many shards can connect.
[[nodiscard]] std::uint64_t guilds_that_fit(std::uint32_t shards);

// The fewest shards with which each can connect; at least 1.
[[nodiscard]] std::uint32_t fewest_shards(std::uint64_t guilds);

// `guilds` is at most most_planned_guilds, `headroom` at least 0.
[[nodiscard]] shard_plan plan_shards(const shard_question& question);

}  // namespace guildfleet::ops
