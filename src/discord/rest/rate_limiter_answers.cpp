// The part of rate_limiter that learns from answers: windows, retries, blocks.
#include <algorithm>
#include <fmt/format.h>

#include "discord/rest/rate_limiter_parts.hpp"

namespace guildfleet::discord {
namespace {

using base::steady_time;
using std::chrono::milliseconds;

constexpr milliseconds silent_rate_limit_wait{1000};  // a 429 that names no time

std::string lane_key(const route& route, std::string_view major) {
  return fmt::format("{}\n{}", route.name, major);
}

// A wait far beyond the bucket's reset, or with requests remaining, is about a limit that headers do not show
// (2.3).
bool about_hidden_limit(const limit_signal& signal, milliseconds wait) {
  if (signal.scope == limit_scope::shared) return true;
  if (!signal.remaining || !signal.reset_after) return false;
  return *signal.remaining > 0 || wait > *signal.reset_after + std::chrono::seconds(1);
}

}  // namespace

after_attempt rate_limiter::on_response(request_ticket ticket, const limit_signal& signal, steady_time now) {
  const auto found = entries_.find(ticket);
  if (found == entries_.end() || found->second->where != place::in_flight) return after_attempt::deliver;
  entry& item = *found->second;
  if (!item.request.route->traits.without_bot_token) global_.on_answered(item.sent, now);
  finish_attempt(item, now);
  if (item.in != nullptr) {
    learn(*item.in, signal, item.sent, now);
    plan_siblings(*item.in, now);
  }
  // Only a success uses up a limit that is counted here.
  if (signal.status >= 300 && item.request.hidden != nullptr) {
    auto& sent = hidden_[hidden_key(item.request)].sent;
    if (const auto mine = std::ranges::find(sent, item.sent); mine != sent.end()) sent.erase(mine);
  }
  if (signal.status == 429) return after_rate_limit(item, signal, now);
  if (signal.status == 401 && !item.request.route->traits.without_bot_token) stop_bot();
  if (signal.status >= 500) return try_later(item, false, now);
  return deliver(item);
}

after_attempt rate_limiter::on_transport_error(request_ticket ticket, bool surely_not_sent, steady_time now) {
  const auto found = entries_.find(ticket);
  if (found == entries_.end() || found->second->where != place::in_flight) return after_attempt::deliver;
  lose_attempt(*found->second, now);
  return try_later(*found->second, surely_not_sent, now);
}

// It may have arrived all the same.
void rate_limiter::lose_attempt(entry& item, steady_time now) {
  if (!item.request.route->traits.without_bot_token) global_.on_lost(item.sent, now);
  finish_attempt(item, now);
}

void rate_limiter::finish_attempt(entry& item, steady_time now) {
  if (item.in == nullptr) return;
  --item.in->in_flight;
  item.in->from->limit.on_finished();
  plan_siblings(*item.in, now);
}

after_attempt rate_limiter::deliver(entry& item) {
  forget(item);
  return after_attempt::deliver;
}

// A 429 had no effect: it may be repeated whatever the method.
after_attempt rate_limiter::after_rate_limit(entry& item, const limit_signal& signal, steady_time now) {
  const limit_scope scope = signal.scope.value_or(limit_scope::user);
  if (scope == limit_scope::cloudflare && !signal.retry_after) {
    block_all(now + settings_.cloudflare_pause, now);
    return deliver(item);
  }
  const milliseconds wait = signal.retry_after.value_or(signal.reset_after.value_or(silent_rate_limit_wait));
  const steady_time until = now + wait + settings_.reset_slack;
  const bool blocks_all = scope == limit_scope::global || scope == limit_scope::cloudflare;
  const bool hidden = !blocks_all && about_hidden_limit(signal, wait);
  if (blocks_all) block_all(until, now);
  if (hidden) {
    hidden_state& state = hidden_[hidden_key(item.request)];
    state.held_until = std::max(state.held_until, until);
  }
  if (!blocks_all && !hidden && item.in != nullptr) {
    item.in->from->limit.block(until);
    plan_siblings(*item.in, now);
    refuse_hopeless(item.in, until, now);
  }
  if (++item.rate_limited >= settings_.max_rate_limited || item.request.deadline < until)
    return deliver(item);
  // Those outside the lanes' limits wait by themselves.
  if (hidden || item.in == nullptr || item.request.route->traits.without_bot_token) {
    hold(item, until);
  } else {
    enter_lane(item, now, true);
  }
  return after_attempt::wait_again;
}

// The attempt failed below Discord's rules: repeated only where a second effect is impossible (2.1, 2.8).
after_attempt rate_limiter::try_later(entry& item, bool surely_not_sent, steady_time now) {
  const bool repeatable = item.request.route->repeatable();
  if (!surely_not_sent && !item.uncertain_since) item.uncertain_since = item.sent;
  const bool safe = !item.uncertain_since || repeatable || item.request.has_nonce;
  if (!safe || item.attempts >= settings_.max_attempts) return deliver(item);
  if (stopped_ && !item.request.route->traits.without_bot_token) return deliver(item);
  const steady_time again = now + item.retry.next(random_);
  const bool nonce_forgotten =
      item.uncertain_since && !repeatable && again - *item.uncertain_since > settings_.nonce_memory;
  if (nonce_forgotten || again >= item.request.deadline) return deliver(item);
  hold(item, again);
  return after_attempt::wait_again;
}

void rate_limiter::learn(lane& of, const limit_signal& signal, steady_time sent, steady_time now) {
  if (!signal.bucket_hash.empty()) join_window(of, signal.bucket_hash);
  of.from->limit.on_signal(signal, sent, now);
}

// The lane draws from the window of `hash` from now on; hashes change at runtime (2.4).
void rate_limiter::join_window(lane& of, const std::string& hash) {
  hashes_[std::string(of.route->name)] = hash;
  std::string key = fmt::format("{}\n{}", hash, of.major);
  if (of.from->key == key) return;
  const auto known = windows_.find(key);
  if (known == windows_.end() && of.from->key.empty()) {
    of.from->key = key;
    windows_.emplace(std::move(key), of.from);
    return;
  }
  std::shared_ptr<window> target =
      known != windows_.end() ? known->second : std::make_shared<window>(settings_.reset_slack);
  target->key = key;
  windows_.insert_or_assign(std::move(key), target);
  of.from->limit.move_in_flight(target->limit, of.in_flight);
  std::erase(of.from->lanes, &of);
  if (of.from->lanes.empty()) windows_.erase(of.from->key);
  target->lanes.push_back(&of);
  of.from = std::move(target);
}

rate_limiter::lane& rate_limiter::lane_of(const limited_request& request, steady_time now) {
  auto& slot = lanes_[lane_key(*request.route, request.major)];
  if (slot == nullptr) {
    slot = std::make_unique<lane>();
    slot->route = request.route;
    slot->major = request.major;
    slot->from = std::make_shared<window>(settings_.reset_slack);
    slot->from->lanes.push_back(slot.get());
    if (const auto hash = hashes_.find(std::string(request.route->name)); hash != hashes_.end()) {
      join_window(*slot, std::string(hash->second));
    }
  }
  slot->last_used = now;
  return *slot;
}

void rate_limiter::plan(lane& of, steady_time now) {
  schedule& in = of.route->traits.without_bot_token ? exempt_ : limited_;
  const auto free = of.queue.empty() ? std::nullopt : of.from->limit.free_at(now);
  // Keeps its turn among lanes that are free at the same time.
  if (free && of.planned && of.planned->first == *free) return;
  give_up_turn(of);
  if (!free) return;
  of.planned = schedule_key(*free, ++plans_);
  in.emplace(*of.planned, &of);
}

// After a send the other lanes come first.
void rate_limiter::give_up_turn(lane& of) {
  if (of.planned) (of.route->traits.without_bot_token ? exempt_ : limited_).erase(*of.planned);
  of.planned.reset();
}

void rate_limiter::plan_siblings(lane& of, steady_time now) {
  for (lane* one : of.from->lanes) plan(*one, now);
}

void rate_limiter::block_all(steady_time until, steady_time now) {
  global_blocked_until_ = std::max(global_blocked_until_, until);
  refuse_hopeless(nullptr, until, now);
}

// Fails at once what would only wait for its deadline. `of` null: everything under the global limit.
void rate_limiter::refuse_hopeless(const lane* of, steady_time until, steady_time now) {
  std::vector<request_ticket> hopeless;
  for (const auto& [deadline, ticket] : deadlines_) {
    if (deadline >= until) break;
    const limited_request& request = entries_.at(ticket)->request;
    const bool held_back = of == nullptr ? !request.route->traits.without_bot_token
                                         : request.route == of->route && request.major == of->major;
    if (held_back) hopeless.push_back(ticket);
  }
  const auto wait = std::chrono::ceil<milliseconds>(until - now);
  for (const request_ticket ticket : hopeless)
    refuse(*entries_.at(ticket), rest_error::deadline_too_early, wait);
}

void rate_limiter::stop_bot() {
  stopped_ = true;
  std::vector<request_ticket> waiting;
  for (const auto& [ticket, item] : entries_) {
    if (item->counted && !item->request.route->traits.without_bot_token) waiting.push_back(ticket);
  }
  std::ranges::sort(waiting);
  for (const request_ticket ticket : waiting) refuse(*entries_.at(ticket), rest_error::bot_stopped, {});
}

void rate_limiter::sweep(steady_time now) {
  next_sweep_ = now + settings_.idle_bucket_life / 2;
  for (auto at = lanes_.begin(); at != lanes_.end();) {
    lane& one = *at->second;
    const bool used = !one.queue.empty() || one.in_flight > 0 || one.from->limit.in_flight() > 0;
    const steady_time quiet_since = std::max(one.last_used, one.from->limit.stale_at());
    if (used || now < quiet_since + settings_.idle_bucket_life) {
      ++at;
      continue;
    }
    std::erase(one.from->lanes, &one);
    if (one.from->lanes.empty()) windows_.erase(one.from->key);
    at = lanes_.erase(at);
  }
  // What another limiter told of buckets that were not used here.
  std::erase_if(windows_, [&](const auto& entry) {
    const window& one = *entry.second;
    return one.lanes.empty() && one.limit.stale_at() + settings_.idle_bucket_life <= now;
  });
  std::erase_if(hidden_, [&](const auto& entry) {
    const hidden_state& state = entry.second;
    return state.held_until <= now && (state.sent.empty() || state.sent.back() + state.span <= now);
  });
}

}  // namespace guildfleet::discord
