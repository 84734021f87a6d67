// What the command line tells of rollouts.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <vector>

#include "cli/terminal.hpp"
#include "fleet/rollout.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::cli {

struct shown_rollout {
  store::rollout_row row;
  fleet::rollout of;
  std::map<std::string, std::uint32_t> shards{};  // by release, those that have an owner
};

// Before it starts: what moves when, what it costs.
void print_plan(const fleet::rollout& plan, const store::fleet_picture& seen, const terminal& to);
// `dry_run`: it does not start.
[[nodiscard]] boost::json::object plan_json(const fleet::rollout& plan, const store::fleet_picture& seen,
                                            bool dry_run);

void print_rollouts(const std::vector<shown_rollout>& all, std::int64_t now_ms, const terminal& to);
[[nodiscard]] boost::json::object rollout_json(const shown_rollout& shown);

void print_events(const std::vector<store::rollout_event>& newest_first, const terminal& to);
[[nodiscard]] boost::json::array events_json(const std::vector<store::rollout_event>& newest_first);

// "2 on 1.4.0, 6 on 1.5.0"; empty: nobody owns one.
[[nodiscard]] std::string shards_text(const shown_rollout& shown);

// "45 s", "5 min", "1 h 20 min"
[[nodiscard]] std::string time_text(std::chrono::milliseconds time);

}  // namespace guildfleet::cli
