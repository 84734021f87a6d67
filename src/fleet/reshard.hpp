// Giving a bot another number of shards while it runs: its shards come together on one node, the new set
// connects there beside the old one, muted, then guild after guild goes over, then the old set is closed.
// Deciders; any node may ask them, and writes the answer back only where the store still holds the operation
// that it asked about.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "fleet/identify_gate.hpp"
#include "store/rows.hpp"

namespace guildfleet::fleet {

enum class reshard_state {
  gathering,   // until one node owns every shard: the cut of a guild is made inside one process
  connecting,  // until every shard of the new set is whole
  cutting,     // until no guild is the old set's any more; from here on there is no way back
  closing,     // until the old set's leases are released
  done,
  aborting,  // the new set is closed again
  aborted,   // before a guild went over, by a person or because the new set did not come about
};
[[nodiscard]] std::string_view name_of(reshard_state state);
[[nodiscard]] std::optional<reshard_state> reshard_state_named(std::string_view name);
[[nodiscard]] bool has_ended(reshard_state state);

struct reshard_limits {
  std::chrono::milliseconds gather{120'000};
  std::chrono::milliseconds connect{600'000};  // beside what the identifies take
  std::chrono::milliseconds cut{60'000};       // then doubtful guilds are guessed instead of waited for
  bool operator==(const reshard_limits&) const = default;
};

struct reshard {
  store::bot_name bot;
  std::uint32_t from = 1;
  std::uint32_t to = 1;
  reshard_limits limits{};
  std::chrono::milliseconds identify_time{0};  // as it was planned
  store::node_identity home{};                 // the node that runs both sets
  base::wall_time home_since{};                // by the store's clock

  reshard_state state = reshard_state::gathering;
  base::wall_time since{};  // of the state, by the store's clock
  std::string reason{};     // of an abort
  std::string started_by{};
  base::wall_time started_at{};
  bool operator==(const reshard&) const = default;
};

// What a person is told before it begins.
struct reshard_plan {
  reshard operation;
  std::uint32_t moves = 0;       // shards that come to the home first
  std::uint32_t identifies = 0;  // that it costs
  std::chrono::milliseconds identify_time{0};
  std::uint32_t left_after = 0;  // of the day's budget
  std::uint32_t floor = 0;       // that is kept back
};

struct reshard_wish {
  store::bot_name bot;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  store::node_identity home{};
  reshard_limits limits{};
  std::string started_by{};
};

// `limit`: as Discord says it now. Errors: fleet_error::reshard_settings, a count that is none or the same
// one; fleet_error::identify_budget, too few identifies are left above the floor.
[[nodiscard]] base::result<reshard_plan> plan_reshard(const reshard_wish& wish,
                                                      const session_start_limit& limit,
                                                      const identify_settings& identifies,
                                                      base::wall_time now);

// How long this many identifies take, one after another in each bucket.
[[nodiscard]] std::chrono::milliseconds identify_time(std::uint32_t shards, std::uint32_t max_concurrency,
                                                      const identify_settings& settings);

// All nodes together.
struct reshard_view {
  std::uint32_t fresh_whole = 0;    // shards of the new set that show everything
  std::uint32_t fresh_refused = 0;  // that Discord refused for good
  std::uint32_t guilds_left = 0;    // that are the old set's
  std::uint32_t unsettled = 0;      // shards of the new set that may still be shown what was acted on
  bool all_heard = false;           // every node told; otherwise the numbers are too small
  std::uint32_t old_owned = 0;      // leases
  std::uint32_t old_at_home = 0;    // of them, by the node that is to run both sets
  bool home_stays = false;          // that node lives and does not drain
  std::uint32_t fresh_owned = 0;
};

enum class reshard_event_kind { started, connecting, moved, cutting, closing, aborting, ended };
[[nodiscard]] std::string_view name_of(reshard_event_kind kind);

struct reshard_event {
  reshard_event_kind kind{};
  std::string text{};
  bool operator==(const reshard_event&) const = default;
};

struct reshard_step {
  reshard next;
  std::vector<reshard_event> events{};
};

[[nodiscard]] reshard_event started_event(const reshard_plan& plan);

// `now`: by the store's clock. Where it runs back a state's time begins anew.
[[nodiscard]] reshard_step decide(const reshard& current, const reshard_view& view, base::wall_time now);

// The node that ran both sets is gone, and this one goes on in its place.
[[nodiscard]] reshard_step move_home(const reshard& current, const store::node_identity& to,
                                     base::wall_time now);

// Whether a node other than its home is to leave the bot alone: the home runs both sets, or ran them when it
// died.
[[nodiscard]] bool keeps_others_out(const reshard& of);

// A person wants it to end. Errors: fleet_error::reshard_command, guilds went over already.
[[nodiscard]] base::result<reshard_step> abort(const reshard& current, std::string_view who,
                                               base::wall_time now);

// What nodes do in a state.
struct reshard_duty {
  bool old_set = false;  // its shards run
  bool fresh_set = false;
  bool cuts = false;     // guilds go over
  bool guesses = false;  // doubtful ones too
  bool operator==(const reshard_duty&) const = default;
};
[[nodiscard]] reshard_duty duty_of(const reshard& of, base::wall_time now);

// With which number of shards the bot runs once nothing of it is left.
[[nodiscard]] std::uint32_t settled_count(const reshard& of);

}  // namespace guildfleet::fleet
