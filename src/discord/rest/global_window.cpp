#include "discord/rest/global_window.hpp"

#include <algorithm>
#include <iterator>

namespace guildfleet::discord {
namespace {

using base::steady_time;

constexpr std::chrono::seconds discords_window{1};

}  // namespace

void global_window::on_sent(steady_time now) {
  forget_until(now);
  ends_.insert(now + settings_.unanswered);
}

void global_window::on_answered(steady_time sent, steady_time now) {
  shortest_ = std::min(shortest_.value_or(now - sent), now - sent);
  settle(sent, now - *shortest_, now);
}

void global_window::on_lost(steady_time sent, steady_time now) {
  settle(sent, now, now);
}

steady_time global_window::free_at(std::size_t most) const {
  if (ends_.size() < most) return {};
  return *std::next(ends_.begin(), static_cast<std::ptrdiff_t>(ends_.size() - most));
}

void global_window::settle(steady_time sent, steady_time arrived, steady_time now) {
  const steady_time latest = sent + settings_.unanswered;
  // One that is not there any more has ceased to count.
  const auto own = ends_.find(latest);
  if (own == ends_.end()) return;
  ends_.erase(own);
  ends_.insert(std::clamp(arrived + discords_window, sent + settings_.window, latest));
  forget_until(now);
}

void global_window::forget_until(steady_time now) {
  ends_.erase(ends_.begin(), ends_.upper_bound(now));
}

}  // namespace guildfleet::discord
