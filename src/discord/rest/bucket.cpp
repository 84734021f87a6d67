#include "discord/rest/bucket.hpp"

#include <algorithm>

namespace guildfleet::discord {

using base::steady_time;

// The window has ended: a new one begins with the next request. Those under way may count in either.
void bucket::roll(steady_time now) const {
  if (!open_ || now < ends_ + slack_) return;
  open_ = false;
  left_ = limit_ - in_flight_;
}

std::optional<steady_time> bucket::free_at(steady_time now) const {
  const steady_time allowed = std::max(now, blocked_until_);
  switch (knowledge_) {
    case knowledge::no_limit:
      return allowed;
    case knowledge::nothing:
      if (in_flight_ > 0) return std::nullopt;
      return allowed;
    case knowledge::window:
      break;
  }
  roll(now);
  if (left_ > 0) return allowed;
  if (open_) return std::max(allowed, ends_ + slack_);
  // After a roll the next answer tells more; with none under way the window is simply new.
  if (in_flight_ > 0) return std::nullopt;
  left_ = limit_;
  return allowed;
}

steady_time bucket::estimate(std::size_t ahead, steady_time now) const {
  const steady_time allowed = std::max(now, blocked_until_);
  if (knowledge_ != knowledge::window) return allowed;
  roll(now);
  const auto left = static_cast<std::size_t>(std::max(left_, 0));
  if (ahead < left) return allowed;
  const std::size_t windows = (ahead - left) / static_cast<std::size_t>(limit_);
  const steady_time reset = open_ ? ends_ + slack_ : now;
  return std::max(allowed, reset + length_ * static_cast<std::int64_t>(windows));
}

void bucket::on_sent(steady_time now) {
  roll(now);
  if (knowledge_ == knowledge::window && !open_) {
    // Opens a window that no answer has told of yet; should none come, it lasts as long as the others.
    open_ = true;
    ends_ = now + length_;
  }
  ++in_flight_;
  --left_;
}

void bucket::block(steady_time until) {
  blocked_until_ = std::max(blocked_until_, until);
}

void bucket::move_in_flight(bucket& to, int count) {
  in_flight_ -= count;
  to.in_flight_ += count;
  to.left_ -= count;
}

steady_time bucket::stale_at() const {
  return std::max(open_ ? ends_ + slack_ : steady_time{}, blocked_until_);
}

std::optional<known_window> bucket::known(steady_time now) const {
  if (knowledge_ != knowledge::window) return std::nullopt;
  roll(now);
  if (!open_ && blocked_until_ <= now) return std::nullopt;
  const auto until = [now](steady_time end) {
    return std::chrono::ceil<std::chrono::milliseconds>(std::max(end - now, steady_time::duration::zero()));
  };
  known_window out{.limit = limit_, .left = open_ ? std::max(left_, 0) : limit_};
  out.resets_in = open_ ? until(ends_) : std::chrono::milliseconds(0);
  out.length = length_;
  out.blocked_for = until(blocked_until_);
  return out;
}

void bucket::adopt(const known_window& from, steady_time now) {
  block(now + from.blocked_for);
  if (from.resets_in.count() <= 0) return;
  roll(now);
  const steady_time ends = now + from.resets_in;
  const int left = from.left - in_flight_;
  left_ = knowledge_ == knowledge::window && open_ ? std::min(left_, left) : left;
  ends_ = open_ ? std::max(ends_, ends) : ends;
  told_ = ends_;
  length_ = knowledge_ == knowledge::window ? std::max(length_, from.length) : from.length;
  limit_ = std::max(from.limit, 1);
  knowledge_ = knowledge::window;
  open_ = true;
}

void bucket::on_signal(const limit_signal& signal, steady_time sent, steady_time now) {
  if (signal.bucket_hash.empty() || !signal.limit || !signal.remaining || !signal.reset_after) {
    // Only an answer of the route itself proves that it has no limit.
    if (signal.status < 500 && signal.status != 429 && knowledge_ == knowledge::nothing) {
      knowledge_ = knowledge::no_limit;
    }
    return;
  }
  const bool first = knowledge_ != knowledge::window;
  const steady_time window_end = now + *signal.reset_after;
  const steady_time earliest_end = sent + *signal.reset_after;
  knowledge_ = knowledge::window;
  limit_ = std::max(*signal.limit, 1);
  length_ = first ? *signal.reset_after : std::max(length_, *signal.reset_after);
  roll(now);
  if (!first && earliest_end <= told_) {
    // The window told of last. When it is still open, the earliest end is the best: none is too early.
    if (!open_ || ends_ > told_) return;
    left_ = std::min(left_, *signal.remaining);
    ends_ = told_ = std::min(ends_, window_end);
    return;
  }
  // Those under way may count in the new window or not. What we opened has them subtracted already; both are
  // safe.
  const bool opened_by_us = !first && (!open_ || ends_ > told_);
  const int at_least = *signal.remaining - in_flight_;
  left_ = opened_by_us ? std::max(at_least, std::min(left_, *signal.remaining)) : at_least;
  open_ = true;
  ends_ = told_ = window_end;
}

}  // namespace guildfleet::discord
