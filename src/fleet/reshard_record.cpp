#include "fleet/reshard_record.hpp"

#include <algorithm>

#include "fleet/reshard_json.hpp"

namespace guildfleet::fleet {

const store::rollout_row* newest_reshard(std::span<const store::rollout_row> operations) {
  const auto found = std::ranges::find_if(operations, is_reshard, &store::rollout_row::state);
  return found == operations.end() ? nullptr : &*found;
}

const store::rollout_row* newest_rollout(std::span<const store::rollout_row> operations) {
  const auto found =
      std::ranges::find_if(operations, [](const auto& each) { return !is_reshard(each.state); });
  return found == operations.end() ? nullptr : &*found;
}

std::vector<store::rollout_event> events_of(const reshard_step& step, const std::string& who) {
  std::vector<store::rollout_event> out;
  for (const reshard_event& each : step.events)
    out.push_back({.who = who, .kind = std::string(name_of(each.kind)), .text = each.text});
  return out;
}

store::rollout_change change_of(const store::rollout_row& read, const reshard_step& step,
                                const std::string& who) {
  return {.id = read.id,
          .version = read.version,
          .state = to_json(step.next),
          .active = !has_ended(step.next.state),
          .events = events_of(step, who)};
}

}  // namespace guildfleet::fleet
