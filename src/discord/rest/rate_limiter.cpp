#include "discord/rest/rate_limiter.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "discord/rest/rate_limiter_parts.hpp"

namespace guildfleet::discord {
namespace {

using base::steady_time;
using std::chrono::milliseconds;

milliseconds wait_until(steady_time then, steady_time now) {
  return std::chrono::ceil<milliseconds>(std::max(then - now, steady_time::duration::zero()));
}

}  // namespace

limited_request limits_of(const request& request) {
  return {request.route,  request.major,     request.order_key,
          request.hidden, request.has_nonce, request.deadline};
}

rate_limiter::rate_limiter(rate_limiter_settings settings, base::random_source random)
    : settings_(settings), random_(random), global_(settings.global_window) {}

rate_limiter::~rate_limiter() = default;

void rate_limiter::submit(request_ticket ticket, limited_request request, steady_time now) {
  auto made = std::make_unique<entry>();
  entry& item = *made;
  item.ticket = ticket;
  item.request = std::move(request);
  item.retry = base::backoff(settings_.retry);
  const bool full = waiting_ >= settings_.max_waiting;
  entries_.emplace(ticket, std::move(made));
  std::string& order = item.request.order_key;
  bool first = true;
  if (!order.empty()) {
    auto& line = order_[order];
    line.push_back(ticket);
    first = line.size() == 1;
  }
  wait_at(item, place::in_order);
  if (stopped_ && !item.request.route->traits.without_bot_token)
    return refuse(item, rest_error::bot_stopped, {});
  if (full) return refuse(item, rest_error::queue_full, {});
  if (item.request.deadline <= now) return refuse(item, rest_error::deadline_passed, {});
  if (first) enter_lane(item, now, false);
}

std::optional<limiter_step> rate_limiter::next(steady_time now) {
  if (now >= next_sweep_) sweep(now);
  expire(now);
  release_held(now);
  promote(now);
  if (!failures_.empty()) {
    const limiter_step step = failures_.front();
    failures_.pop_front();
    return step;
  }
  if (!straight_.empty()) return mark_sent(*entries_.at(straight_.front()), now);
  if (auto step = send_from(exempt_, now)) return step;
  if (global_free_at() <= now) {
    if (auto step = send_from(limited_, now)) return step;
  }
  // Sending may have refused the last in a lane.
  if (!failures_.empty() || !promotions_.empty()) return next(now);
  return std::nullopt;
}

std::optional<steady_time> rate_limiter::wake_at() const {
  if (!failures_.empty() || !promotions_.empty() || !straight_.empty()) return steady_time{};
  std::optional<steady_time> earliest;
  const auto consider = [&](steady_time one) { earliest = earliest ? std::min(*earliest, one) : one; };
  if (!held_.empty()) consider(held_.begin()->first);
  if (!deadlines_.empty()) consider(deadlines_.begin()->first);
  if (!exempt_.empty()) consider(exempt_.begin()->first.first);
  const steady_time free = global_free_at();
  if (!limited_.empty() && free != steady_time::max())
    consider(std::max(limited_.begin()->first.first, free));
  return earliest;
}

void rate_limiter::cancel(request_ticket ticket, steady_time now) {
  const auto found = entries_.find(ticket);
  if (found == entries_.end()) return;
  if (found->second->where == place::in_flight) lose_attempt(*found->second, now);
  forget(*found->second);
}

void rate_limiter::set_global_per_second(int requests) {
  settings_.global_per_second = std::max(requests, 1);
}

// From waiting to sendable: the entry joins its lane, unless a limit holds it or its deadline is hopeless.
void rate_limiter::enter_lane(entry& item, steady_time now, bool in_front) {
  const limited_request& request = item.request;
  if (request.route->traits.no_bucket) {
    wait_at(item, place::straight);
    straight_.push_back(item.ticket);
    return;
  }
  lane& into = lane_of(request, now);
  const std::size_t ahead = in_front ? 0 : into.queue.size();
  steady_time earliest = std::max(into.from->limit.estimate(ahead, now), hidden_free_at(request));
  if (!request.route->traits.without_bot_token) earliest = std::max(earliest, global_blocked_until_);
  if (earliest > request.deadline)
    return refuse(item, rest_error::deadline_too_early, wait_until(earliest, now));
  item.in = &into;
  if (const steady_time free = hidden_free_at(request); free > now) return hold(item, free);
  wait_at(item, place::in_lane);
  if (in_front) {
    into.queue.push_front(item.ticket);
  } else {
    into.queue.push_back(item.ticket);
  }
  plan(into, now);
}

void rate_limiter::hold(entry& item, steady_time until) {
  wait_at(item, place::held);
  item.in = nullptr;  // an idle lane may be swept meanwhile
  item.held_until = until;
  held_.emplace(until, item.ticket);
}

void rate_limiter::wait_at(entry& item, place where) {
  item.where = where;
  if (item.counted) return;
  item.counted = true;
  ++waiting_;
  if (item.request.deadline != steady_time::max()) deadlines_.emplace(item.request.deadline, item.ticket);
}

// Takes a waiting entry out of the queue it stands in.
void rate_limiter::leave_place(entry& item) {
  switch (item.where) {
    case place::in_lane:
      std::erase(item.in->queue, item.ticket);
      break;
    case place::straight:
      std::erase(straight_, item.ticket);
      break;
    case place::held:
      held_.erase({item.held_until, item.ticket});
      break;
    case place::in_order:
    case place::in_flight:
      break;
  }
  if (!item.counted) return;
  item.counted = false;
  --waiting_;
  deadlines_.erase({item.request.deadline, item.ticket});
}

void rate_limiter::refuse(entry& item, rest_error why, milliseconds wait) {
  failures_.push_back({limiter_step::kind::fail, item.ticket, why, wait});
  forget(item);
}

void rate_limiter::forget(entry& item) {
  leave_place(item);
  const std::string key = std::move(item.request.order_key);
  const request_ticket ticket = item.ticket;
  entries_.erase(ticket);
  if (key.empty()) return;
  const auto line = order_.find(key);
  const bool was_first = line->second.front() == ticket;
  std::erase(line->second, ticket);
  if (line->second.empty()) {
    order_.erase(line);
  } else if (was_first) {
    promotions_.push_back(key);
  }
}

// The request before in the same order has its answer.
void rate_limiter::promote(steady_time now) {
  while (!promotions_.empty()) {
    const auto line = order_.find(promotions_.front());
    promotions_.pop_front();
    if (line == order_.end()) continue;
    entry& first = *entries_.at(line->second.front());
    if (first.where == place::in_order) enter_lane(first, now, false);
  }
}

void rate_limiter::release_held(steady_time now) {
  while (!held_.empty() && held_.begin()->first <= now) {
    entry& item = *entries_.at(held_.begin()->second);
    held_.erase(held_.begin());
    enter_lane(item, now, true);
  }
}

void rate_limiter::expire(steady_time now) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    refuse(*entries_.at(deadlines_.begin()->second), rest_error::deadline_passed, {});
  }
}

std::optional<limiter_step> rate_limiter::send_from(schedule& lanes, steady_time now) {
  while (!lanes.empty() && lanes.begin()->first.first <= now) {
    lane& from = *lanes.begin()->second;
    const auto free = from.from->limit.free_at(now);
    if (from.queue.empty() || !free || *free > now) {
      plan(from, now);
      continue;
    }
    entry& item = *entries_.at(from.queue.front());
    if (may_go(item, now)) return mark_sent(item, now);
    plan(from, now);
  }
  return std::nullopt;
}

// Last look before the send; an entry that may not go is moved away.
bool rate_limiter::may_go(entry& item, steady_time now) {
  const bool only_by_nonce = item.request.has_nonce && !item.request.route->repeatable();
  if (item.uncertain_since && only_by_nonce && now - *item.uncertain_since > settings_.nonce_memory) {
    refuse(item, rest_error::connection_failed, {});
    return false;
  }
  const steady_time free = hidden_free_at(item.request);
  if (free <= now) return true;
  if (free > item.request.deadline) {
    refuse(item, rest_error::deadline_too_early, wait_until(free, now));
    return false;
  }
  leave_place(item);
  hold(item, free);
  return false;
}

limiter_step rate_limiter::mark_sent(entry& item, steady_time now) {
  if (item.where == place::in_lane && item.in->queue.front() == item.ticket) {
    item.in->queue.pop_front();
    item.where = place::in_flight;
  }
  leave_place(item);
  item.where = place::in_flight;
  item.sent = now;
  ++item.attempts;
  if (item.request.hidden != nullptr) {
    hidden_state& hidden = hidden_[hidden_key(item.request)];
    hidden.span = item.request.hidden->window;
    hidden.sent.push_back(now);
  }
  if (item.in != nullptr) {
    ++item.in->in_flight;
    item.in->last_used = now;
    item.in->from->limit.on_sent(now);
    give_up_turn(*item.in);
    plan_siblings(*item.in, now);
  }
  if (!item.request.route->traits.without_bot_token) global_.on_sent(now);
  return {limiter_step::kind::send, item.ticket, {}, {}};
}

steady_time rate_limiter::global_free_at() const {
  const auto most = static_cast<std::size_t>(std::max(settings_.global_per_second, 1));
  return std::max(global_blocked_until_, global_.free_at(most));
}

std::string rate_limiter::hidden_key(const limited_request& request) {
  return fmt::format("{}\n{}\n{}", request.route->name, request.major,
                     request.hidden == nullptr ? std::string_view() : request.hidden->name);
}

steady_time rate_limiter::hidden_free_at(const limited_request& request) const {
  if (hidden_.empty()) return {};
  const auto found = hidden_.find(hidden_key(request));
  if (found == hidden_.end()) return {};
  const hidden_state& state = found->second;
  if (request.hidden == nullptr || state.sent.size() < static_cast<std::size_t>(request.hidden->count)) {
    return state.held_until;
  }
  const steady_time oldest = state.sent[state.sent.size() - static_cast<std::size_t>(request.hidden->count)];
  return std::max(state.held_until, oldest + request.hidden->window + settings_.reset_slack);
}

}  // namespace guildfleet::discord
