#include "sim/rest/limits.hpp"

#include <array>
#include <fmt/format.h>

namespace guildfleet::sim {

namespace {

using namespace std::chrono_literals;

struct known_limit {
  std::string_view method;
  std::string_view route;
  std::string_view bucket;
  int limit;
  std::chrono::milliseconds window;
};

constexpr std::array known_limits = {
    known_limit{"GET", "/gateway/bot", "gateway", 2, 5s},
    known_limit{"GET", "/channels/{channel.id}/messages", "messages-list", 5, 5s},
    known_limit{"POST", "/channels/{channel.id}/messages", "message-create", 5, 5s},
    known_limit{"PATCH", "/channels/{channel.id}/messages/{message.id}", "message-edit", 5, 5s},
    known_limit{"DELETE", "/channels/{channel.id}/messages/{message.id}", "message-delete", 5, 1s},
    known_limit{"PUT", "/channels/{channel.id}/messages/{message.id}/reactions/{emoji}/@me", "reactions", 1,
                250ms},
    known_limit{"DELETE", "/channels/{channel.id}/messages/{message.id}/reactions/{emoji}/@me", "reactions",
                1, 250ms},
    known_limit{"DELETE", "/channels/{channel.id}/messages/{message.id}/reactions/{emoji}/{user.id}",
                "reactions", 1, 250ms},
    known_limit{"POST", "/channels/{channel.id}/typing", "typing", 5, 5s},
    known_limit{"PATCH", "/channels/{channel.id}", "channel-edit", 10, 15s},
    known_limit{"PATCH", "/guilds/{guild.id}/members/{user.id}", "member-edit", 10, 10s},
    known_limit{"PUT", "/guilds/{guild.id}/members/{user.id}/roles/{role.id}", "member-role", 10, 10s},
    known_limit{"DELETE", "/guilds/{guild.id}/members/{user.id}/roles/{role.id}", "member-role", 10, 10s},
    known_limit{"PUT", "/guilds/{guild.id}/bans/{user.id}", "", 0, 0s},
    known_limit{"DELETE", "/guilds/{guild.id}/bans/{user.id}", "", 0, 0s},
    known_limit{"POST", "/interactions/{interaction.id}/{interaction.token}/callback", "", 0, 0s},
    known_limit{"POST", "/webhooks/{webhook.id}/{webhook.token}", "webhook", 5, 2s},
};

}  // namespace

limit_rule rule_for(std::string_view method, std::string_view route) {
  for (const auto& known : known_limits) {
    if (known.method == method && known.route == route)
      return {std::string(known.bucket), known.limit, known.window};
  }
  if (method == "GET") return {};
  return {fmt::format("{} {}", method, route), 10, 10s};
}

window_counter::state window_counter::take(const std::string& key, int limit,
                                           std::chrono::milliseconds window, base::steady_time now) {
  forget_old(now);
  auto& current = windows_[key];
  if (current.ends <= now) current = {.ends = now + window, .used = 0};
  state out{.allowed = current.used < limit,
            .limit = limit,
            .remaining = 0,
            .reset_after = std::chrono::ceil<std::chrono::milliseconds>(current.ends - now)};
  if (out.allowed) ++current.used;
  out.remaining = limit - current.used;
  return out;
}

void window_counter::give_back(const std::string& key) {
  const auto found = windows_.find(key);
  if (found == windows_.end()) return;
  if (--found->second.used <= 0) windows_.erase(found);
}

void window_counter::forget_old(base::steady_time now) {
  if (now - swept_ < 60s) return;
  swept_ = now;
  std::erase_if(windows_, [&](const auto& entry) { return entry.second.ends <= now; });
}

void invalid_request_counter::count(const std::string& address, base::steady_time now) {
  if (limit_ == 0) return;
  auto& state = addresses_[address];
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (state.seconds.empty() || state.seconds.back().first != second) state.seconds.emplace_back(second, 0);
  ++state.seconds.back().second;
  ++state.total;
  while (now - state.seconds.front().first > 10min) {
    state.total -= state.seconds.front().second;
    state.seconds.pop_front();
  }
  if (state.total >= limit_) state.banned_until = now + ban_time_;
}

std::chrono::milliseconds invalid_request_counter::banned_for(const std::string& address,
                                                              base::steady_time now) const {
  const auto found = addresses_.find(address);
  if (found == addresses_.end() || found->second.banned_until <= now) return 0ms;
  return std::chrono::ceil<std::chrono::milliseconds>(found->second.banned_until - now);
}

}  // namespace guildfleet::sim
