#include "discord/rest/global_window.hpp"

#include <algorithm>
#include <iterator>

namespace guildfleet::discord {
namespace {

using base::steady_time;

constexpr std::chrono::seconds discords_window{1};

}  // namespace

void global_window::on_sent(steady_time now) {
  ends_.erase(ends_.begin(), ends_.upper_bound(now));
  ++under_way_;
}

void global_window::on_answered(steady_time sent, steady_time now) {
  shortest_ = std::min(shortest_.value_or(now - sent), now - sent);
  settle(sent, now - *shortest_);
}

void global_window::on_lost(steady_time sent, steady_time now) {
  settle(sent, now);
}

steady_time global_window::free_at(std::size_t most) const {
  if (under_way_ >= most) return steady_time::max();
  const std::size_t places = most - under_way_;
  if (ends_.size() < places) return {};
  return *std::next(ends_.begin(), static_cast<std::ptrdiff_t>(ends_.size() - places));
}

void global_window::settle(steady_time sent, steady_time arrived) {
  --under_way_;
  ends_.insert(std::max(arrived + discords_window, sent + length_));
}

}  // namespace guildfleet::discord
