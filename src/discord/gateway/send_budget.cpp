#include "discord/gateway/send_budget.hpp"

#include <algorithm>

namespace guildfleet::discord {
namespace {

// Leaves ordinary messages a share even where the server asks for very frequent heartbeats.
constexpr std::size_t most_reserved = 100;

}  // namespace

std::size_t heartbeats_to_reserve(std::chrono::milliseconds interval) {
  const auto per_window = std::chrono::milliseconds(send_budget::window).count();
  const auto step = std::max<std::int64_t>(interval.count(), 1);
  const auto beats = static_cast<std::size_t>((per_window + step - 1) / step);
  return std::min(2 * beats + 1, most_reserved);
}

void send_budget::reset() {
  next_ = 0;
  count_ = 0;
  reserved_ = 0;
}

void send_budget::set_heartbeat_interval(std::chrono::milliseconds interval) {
  reserved_ = heartbeats_to_reserve(interval);
}

std::size_t send_budget::limit_of(send_kind kind) const {
  return kind == send_kind::ordinary ? limit - reserved_ : limit;
}

base::steady_time send_budget::nth_newest(std::size_t n) const {
  return times_[(next_ + limit - n) % limit];
}

base::steady_time send_budget::allowed_at(send_kind kind, base::steady_time now) const {
  const std::size_t allowed = limit_of(kind);
  // With `allowed` sends behind it, the oldest of those must have left the window.
  if (count_ < allowed) return now;
  return std::max(now, nth_newest(allowed) + window);
}

bool send_budget::allows(send_kind kind, base::steady_time now) const {
  return allowed_at(kind, now) <= now;
}

void send_budget::record(base::steady_time now) {
  times_[next_] = now;
  next_ = (next_ + 1) % limit;
  count_ = std::min(count_ + 1, limit);
}

}  // namespace guildfleet::discord
