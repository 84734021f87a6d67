#include "api/memory_history.hpp"

#include "base/allocator.hpp"
#include "base/json_text.hpp"
#include "base/process_memory.hpp"

namespace guildfleet::api {

void memory_history::add(const sample& one) {
  if (samples_.size() == most_samples) samples_.pop_front();
  samples_.push_back(one);
}

std::string memory_history::json(std::string_view node, std::chrono::seconds uptime) const {
  base::json_writer json;
  json.begin_object().key("node").string(node).key("uptime").number(std::int64_t{uptime.count()});
  json.key("interval_s").number(std::int64_t{std::chrono::seconds(sampled_every).count()});
  json.key("parts").begin_array();
  for (const std::string_view name : part_names) json.string(name);
  json.end_array().key("rows").begin_array();
  for (const sample& each : samples_) {
    json.begin_array().number(std::int64_t{each.at.time_since_epoch().count()}).number(each.guilds);
    for (const std::uint64_t bytes : each.bytes) json.number(bytes);
    json.end_array();
  }
  json.end_array().end_object();
  return json.take();
}

memory_history::sample sample_memory(const bot::memory_parts& parts, base::wall_time now) {
  const base::allocator_use allocator = base::allocator_use_now();
  return {now,
          parts.guilds,
          {base::resident_memory(), allocator.live, allocator.free, parts.guild_state, parts.queued_events,
           parts.ledger, parts.settings_cache}};
}

}  // namespace guildfleet::api
