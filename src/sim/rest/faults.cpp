#include "sim/rest/faults.hpp"

#include <algorithm>
#include <array>

namespace guildfleet::sim {

namespace {

constexpr std::array<std::pair<std::string_view, rest_fault_kind>, 10> kind_names = {{
    {"user_429", rest_fault_kind::user_429},
    {"shared_429", rest_fault_kind::shared_429},
    {"global_429", rest_fault_kind::global_429},
    {"cloudflare_429", rest_fault_kind::cloudflare_429},
    {"server_error", rest_fault_kind::server_error},
    {"html_error", rest_fault_kind::html_error},
    {"latency", rest_fault_kind::latency},
    {"reset", rest_fault_kind::reset},
    {"reset_after", rest_fault_kind::reset_after},
    {"events_late", rest_fault_kind::events_late},
}};

bool fits(const rest_fault& fault, const fault_target& target) {
  return (fault.method.empty() || fault.method == target.method) &&
         (fault.route_contains.empty() ||
          target.route.find(fault.route_contains) != std::string_view::npos) &&
         (fault.application == 0 || fault.application == target.application);
}

}  // namespace

std::optional<rest_fault_kind> parse_rest_fault_kind(std::string_view name) {
  const auto* const found =
      std::ranges::find(kind_names, name, &std::pair<std::string_view, rest_fault_kind>::first);
  return found == kind_names.end() ? std::nullopt : std::optional(found->second);
}

void fault_list::add(rest_fault fault, base::steady_time now) {
  active_fault added{.until = now + fault.duration, .timed = fault.count == 0, .left = fault.count};
  if (fault.count == 0 && fault.duration.count() == 0) return;
  added.fault = std::move(fault);
  active_.push_back(std::move(added));
}

std::vector<rest_fault> fault_list::take(const fault_target& target, base::steady_time now) {
  std::erase_if(active_, [&](const active_fault& entry) {
    const bool out_of_time = entry.fault.duration.count() > 0 && entry.until <= now;
    return out_of_time || (!entry.timed && entry.left <= 0);
  });
  std::vector<rest_fault> out;
  for (auto& entry : active_) {
    const bool had =
        std::ranges::any_of(out, [&](const rest_fault& other) { return other.kind == entry.fault.kind; });
    if (had || !fits(entry.fault, target)) continue;
    out.push_back(entry.fault);
    if (!entry.timed) --entry.left;
  }
  return out;
}

}  // namespace guildfleet::sim
