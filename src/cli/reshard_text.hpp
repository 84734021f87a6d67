// What the command line tells of changes of a bot's number of shards.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "cli/terminal.hpp"
#include "fleet/reshard.hpp"
#include "store/rollout_rows.hpp"

namespace guildfleet::cli {

struct shown_reshard {
  store::rollout_row row;
  fleet::reshard of;
  fleet::reshard_view view{};  // while it is active
};

// Before it starts: what it costs, and how long it takes.
void print_plan(const fleet::reshard_plan& plan, const terminal& to);
[[nodiscard]] boost::json::object plan_json(const fleet::reshard_plan& plan, bool dry_run);

void print_reshards(const std::vector<shown_reshard>& all, std::int64_t now_ms, const terminal& to);
[[nodiscard]] boost::json::object reshard_json(const shown_reshard& shown);
// "4 of 6 new shards are there"; empty: nothing to tell.
[[nodiscard]] std::string progress_text(const shown_reshard& shown);

}  // namespace guildfleet::cli
