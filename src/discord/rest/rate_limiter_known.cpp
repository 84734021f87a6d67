// The part of rate_limiter that tells what it knows, and takes over what another one knew.
#include <algorithm>
#include <fmt/format.h>
#include <tuple>

#include "discord/rest/rate_limiter_parts.hpp"

namespace guildfleet::discord {

using base::steady_time;
using std::chrono::milliseconds;

known_limits rate_limiter::known(steady_time now, std::size_t most_windows) const {
  known_limits out;
  for (const auto& [key, window] : windows_) {
    const bool has_token = std::ranges::any_of(
        window->lanes, [](const lane* one) { return one->route->traits.without_bot_token; });
    auto found = has_token ? std::nullopt : window->limit.known(now);
    if (!found) continue;
    const std::size_t end = key.find('\n');
    found->hash = key.substr(0, end);
    found->major = key.substr(end + 1);
    out.windows.push_back(std::move(*found));
  }
  std::ranges::sort(out.windows, {},
                    [](const known_window& each) { return std::tie(each.left, each.major); });
  if (out.windows.size() > most_windows) out.windows.resize(most_windows);
  for (const auto& [name, hash] : hashes_) out.routes.push_back({name, hash});
  std::ranges::sort(out.routes, {}, &known_route::route);
  if (global_blocked_until_ > now)
    out.all_blocked_for = std::chrono::ceil<milliseconds>(global_blocked_until_ - now);
  return out;
}

void rate_limiter::adopt(const known_limits& from, steady_time now) {
  for (const known_route& each : from.routes) hashes_.try_emplace(each.route, each.hash);
  for (const known_window& each : from.windows) {
    std::string key = fmt::format("{}\n{}", each.hash, each.major);
    auto& slot = windows_[key];
    if (slot == nullptr) {
      slot = std::make_shared<window>(settings_.reset_slack);
      slot->key = std::move(key);
    }
    slot->limit.adopt(each, now);
    for (lane* one : slot->lanes) plan(*one, now);
  }
  // Lanes that were made before their route's bucket was known draw from it now.
  for (const auto& [key, one] : lanes_) {
    const auto hash = hashes_.find(std::string(one->route->name));
    if (!one->from->key.empty() || hash == hashes_.end()) continue;
    join_window(*one, std::string(hash->second));
    plan(*one, now);
  }
  if (from.all_blocked_for.count() > 0) block_all(now + from.all_blocked_for, now);
}

}  // namespace guildfleet::discord
