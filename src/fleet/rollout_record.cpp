#include "fleet/rollout_record.hpp"

#include "fleet/rollout_json.hpp"

namespace guildfleet::fleet {

std::vector<store::rollout_event> events_of(const rollout_step& step, const std::string& who) {
  std::vector<store::rollout_event> out;
  for (const rollout_event& each : step.events)
    out.push_back({.who = who, .kind = std::string(name_of(each.kind)), .text = each.text});
  return out;
}

store::rollout_change change_of(const store::rollout_row& read, const rollout_step& step,
                                const std::string& who) {
  const bool ended = has_ended(step.next.state);
  store::rollout_change change{.id = read.id,
                               .version = read.version,
                               .state = to_json(step.next),
                               .active = !ended,
                               .events = events_of(step, who)};
  if (ended) change.settle = settled_release(step.next);
  return change;
}

}  // namespace guildfleet::fleet
