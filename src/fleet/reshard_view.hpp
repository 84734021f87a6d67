// A reshard as the store's picture shows it, and what nodes tell one another of it. Deciders.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/reshard.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::fleet {

// What one node says of its shards, as a sample of the store; kept apart from a rollout's by its release.
inline constexpr std::string_view reshard_sample_release = "(reshard)";
struct reshard_figures {
  std::uint64_t operation = 0;
  std::uint32_t fresh_whole = 0;    // shards of the new set that show everything
  std::uint32_t fresh_refused = 0;  // of them, those that Discord refused for good
  std::uint32_t guilds_left = 0;    // of its old shards
  std::uint32_t unsettled = 0;      // shards whose account of what went over is not settled, or not known
  bool operator==(const reshard_figures&) const = default;
};
[[nodiscard]] std::string to_json(const reshard_figures& of);
[[nodiscard]] std::optional<reshard_figures> reshard_figures_from_json(std::string_view text);

// `operation`: the row's id. `samples`: of the last seconds; a node's last one counts, when it is not older
// than `fresh_for`.
[[nodiscard]] reshard_view view_of(const store::fleet_picture& seen, const reshard& of,
                                   std::uint64_t operation, std::span<const store::release_sample> samples,
                                   std::chrono::milliseconds fresh_for = std::chrono::seconds(10));

// A node that may run both sets, and how many of the bot's shards it has.
struct reshard_place {
  store::node_identity node;
  std::uint32_t shards = 0;
};
// The best first: it has most of them, then the greatest weight. Those of a release that the bot is not to be
// run by are none.
[[nodiscard]] std::vector<reshard_place> reshard_places(const store::fleet_picture& seen,
                                                        const store::bot_name& bot);

// With how many shards a node runs a bot that it begins to serve.
struct count_question {
  store::bot_name bot;
  store::node_identity self{};
  std::optional<std::uint32_t> configured{};  // nullopt: it may choose
  std::uint32_t recommended = 1;              // by Discord
};
struct count_answer {
  enum class kind : std::uint8_t {
    run,      // `count` shards
    reshard,  // both sets of `operation`, once its home is this process: its own did not live any more
    wait      // `why` tells for what
  };
  kind what = kind::run;
  std::uint32_t count = 1;
  std::string why{};      // of waiting
  std::string warning{};  // the configuration and the bot's state disagree
};

// `newest`: the bot's newest reshard, active or ended; nullopt: there was none. Two counts at
// once would serve every guild twice, so who may choose does as those that run, and who may not waits. A bot
// that was given another count keeps it while its configuration still names the old one, or none.
[[nodiscard]] count_answer choose_count(const store::fleet_picture& seen, const count_question& question,
                                        const std::optional<reshard>& newest);

}  // namespace guildfleet::fleet
