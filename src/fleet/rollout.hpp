// A rollout: a bot's guilds move from one release to another, in steps, each of which is judged. A plain
// value that the store keeps as text; decide() and obey() make the next one of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "discord/model/ids.hpp"
#include "fleet/rollout_analysis.hpp"
#include "store/rows.hpp"

namespace guildfleet::fleet {

enum class rollout_strategy {
  canary,      // a share of the guilds first, each step observed and judged good
  blue_green,  // all at once, when enough nodes of the new release stand ready; observed afterwards
  rolling,     // shard by shard; each step goes on unless it is judged bad
};
[[nodiscard]] std::string_view name_of(rollout_strategy strategy);
[[nodiscard]] std::optional<rollout_strategy> strategy_named(std::string_view name);

enum class rollout_state {
  starting,      // waits for nodes of the new release
  moving,        // until the leases show the step's share
  observing,     // the step's pause
  paused,        // until a person says more
  promoting,     // moving to 100 % on a person's word; not observed afterwards
  rolling_back,  // moving back
  done,
  rolled_back,  // after a failure
  aborted,      // by a person
  failed,       // it could not begin, or not move back
};
[[nodiscard]] std::string_view name_of(rollout_state state);
[[nodiscard]] std::optional<rollout_state> state_named(std::string_view name);
[[nodiscard]] bool has_ended(rollout_state state);
[[nodiscard]] bool may_pause(rollout_state state);

struct rollout_limits {
  std::chrono::milliseconds pause{300'000};    // how long each step is observed
  std::chrono::milliseconds observe{900'000};  // and for how long at most, until there is enough to judge by
  std::chrono::milliseconds move{120'000};     // a move, forth or back, that takes longer has failed
  std::chrono::milliseconds start{600'000};    // for the new release's nodes to come
  // What the new release's nodes must weigh, as a part of what the old one's do, to serve all; less for a
  // smaller share.
  double capacity = 1.0;
  bool operator==(const rollout_limits&) const = default;
};

struct rollout {
  store::bot_name bot;
  std::string from{};
  std::string to{};
  rollout_strategy strategy = rollout_strategy::canary;
  std::vector<double> steps{};  // shares, ascending, the last is 1; a first 0 is for the chosen guilds alone
  std::vector<discord::guild_id> chosen{};  // theirs is the new release from the first step on
  std::uint64_t salt = 0;
  rollout_limits limits{};
  analysis_thresholds thresholds{};
  bool undo = false;                     // takes back a rollout that was done
  std::vector<store::bot_name> after{};  // begins once theirs, to the same release, are done

  rollout_state state = rollout_state::starting;
  std::uint32_t step = 0;                             // a place in `steps`
  base::wall_time since{};                            // of the state; begins the window that is judged
  rollout_state paused_in = rollout_state::starting;  // where `resume` goes on
  bool by_person = false;                             // it moves back because a person wants it
  std::string reason{};                               // of a pause, of moving back, of a failure
  std::uint32_t attempt = 1;                          // grows with `retry`
  std::string started_by{};
  base::wall_time started_at{};
  bool operator==(const rollout&) const = default;
};

// What a person asks for.
struct rollout_wish {
  store::bot_name bot;
  std::string from{};
  std::string to{};
  rollout_strategy strategy = rollout_strategy::canary;
  std::vector<double> steps{};  // empty: the strategy's own
  std::optional<std::chrono::milliseconds> pause{};
  std::optional<std::chrono::milliseconds> observe{};  // default three times the pause
  std::vector<discord::guild_id> chosen{};
  rollout_limits limits{};  // its pause and observe count nothing
  analysis_thresholds thresholds{};
  std::string started_by{};
  std::vector<store::bot_name> after{};
};

// Fills in what the wish leaves open. Errors: fleet_error::rollout_settings.
[[nodiscard]] base::result<rollout> plan_rollout(const rollout_wish& wish, std::uint32_t shards,
                                                 base::wall_time now);

// Errors: fleet_error::rollout_settings; nothing for what plan_rollout returned.
[[nodiscard]] base::result<void> validate(const rollout& plan);

// Who is on the new release now.
struct placement {
  double share = 0;
  std::vector<discord::guild_id> chosen{};
  bool operator==(const placement&) const = default;
};
[[nodiscard]] placement placement_of(const rollout& of);

// The release that the bot's nodes should have once nothing moves any more: `to` when done, otherwise `from`.
[[nodiscard]] const std::string& settled_release(const rollout& of);

enum class rollout_event_kind {
  started,
  moving,
  observing,
  paused,
  resumed,
  promoted,
  moving_back,
  ended,
};
[[nodiscard]] std::string_view name_of(rollout_event_kind kind);

// For the audit log.
struct rollout_event {
  rollout_event_kind kind{};
  std::string text{};
  bool operator==(const rollout_event&) const = default;
};

struct rollout_step {
  rollout next;
  std::vector<rollout_event> events{};
};

// "25 %"
[[nodiscard]] std::string percent(double share);

}  // namespace guildfleet::fleet
