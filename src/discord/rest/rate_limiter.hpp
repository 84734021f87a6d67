// Decides when a request may be sent, when it is sent again and when it fails: buckets, the global limit,
// hidden limits, order, deadlines, retries. No socket, clock or thread: one object a bot, used on one
// reactor.
//
//   limiter.submit(ticket, info, now);
//   while (auto step = limiter.next(now)) ...   // send or fail that ticket
//   sleep until limiter.wake_at() or until something happens
//   limiter.on_response(ticket, signal, now) / on_transport_error(...)   // then ask next() again
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "discord/rest/bucket.hpp"
#include "discord/rest/error.hpp"
#include "discord/rest/global_window.hpp"
#include "discord/rest/known_limits.hpp"
#include "discord/rest/limit_signal.hpp"
#include "discord/rest/request.hpp"

namespace guildfleet::discord {

using request_ticket = std::uint64_t;

struct rate_limiter_settings {
  int global_per_second = 50;  // this node's share of the bot's global limit
  std::chrono::milliseconds global_window{1050};
  std::chrono::milliseconds reset_slack{50};  // after a bucket's reset (trap 31)
  std::size_t max_waiting = 10'000;
  int max_attempts = 5;       // of one request, first one included; 429s do not count
  int max_rate_limited = 10;  // 429s of one request before its answer is handed out
  base::backoff_settings retry{std::chrono::milliseconds(500), std::chrono::milliseconds(20'000), 2.0};
  std::chrono::seconds nonce_memory{120};     // a nonce protects repeats for this long
  std::chrono::seconds cloudflare_pause{60};  // when a block says nothing about its length
  std::chrono::seconds idle_bucket_life{60};  // after its reset{}; hidden limits live as long as their window
};

// What the limiter needs to know of a request.
struct limited_request {
  const discord::route* route = nullptr;
  std::string major{};
  std::string order_key{};
  const hidden_limit* hidden = nullptr;
  bool has_nonce = false;
  base::steady_time deadline = base::steady_time::max();
};
[[nodiscard]] limited_request limits_of(const request& request);

// The next thing to do with a ticket. A failed ticket is forgotten.
struct limiter_step {
  enum class kind { send, fail };
  kind what = kind::send;
  request_ticket ticket = 0;
  rest_error why = rest_error::cancelled;  // for fail
  std::chrono::milliseconds wait{0};  // for fail with deadline_too_early: how long the wait would have been
};

// After an answer: hand it to the caller (the ticket is forgotten), or wait for another send or fail.
enum class after_attempt { deliver, wait_again };

class rate_limiter final {
 public:
  rate_limiter(rate_limiter_settings settings, base::random_source random);
  ~rate_limiter();
  rate_limiter(const rate_limiter&) = delete;
  rate_limiter& operator=(const rate_limiter&) = delete;

  // `ticket` must be new. A refusal comes out of next() like every failure.
  void submit(request_ticket ticket, limited_request request, base::steady_time now);
  [[nodiscard]] std::optional<limiter_step> next(base::steady_time now);
  // When next() will have something without further input; nullopt: only an input changes anything.
  [[nodiscard]] std::optional<base::steady_time> wake_at() const;

  [[nodiscard]] after_attempt on_response(request_ticket ticket, const limit_signal& signal,
                                          base::steady_time now);
  // `surely_not_sent`: no byte of the request reached Discord.
  [[nodiscard]] after_attempt on_transport_error(request_ticket ticket, bool surely_not_sent,
                                                 base::steady_time now);
  // The caller gave up, before or after the send; the ticket is forgotten.
  void cancel(request_ticket ticket, base::steady_time now);

  // For another node's limiter, at most so many windows; those that bind most come first.
  [[nodiscard]] known_limits known(base::steady_time now, std::size_t most_windows) const;
  // What another node's limiter knew just now: its exhausted buckets are waited for here as well.
  void adopt(const known_limits& from, base::steady_time now);

  // Another share of the global limit, from now on.
  void set_global_per_second(int requests);
  // A 401 on a call with the bot's token stops every later call with it (2.1).
  [[nodiscard]] bool stopped() const { return stopped_; }

  [[nodiscard]] std::size_t waiting() const { return waiting_; }
  [[nodiscard]] std::size_t in_flight() const { return entries_.size() - waiting_; }
  // Lanes and buckets held in memory: bounded by idle_bucket_life.
  [[nodiscard]] std::size_t buckets() const { return lanes_.size(); }

 private:
  enum class place { in_order, in_lane, straight, held, in_flight };
  struct lane;
  struct entry;
  struct window;
  struct hidden_state {
    std::deque<base::steady_time> sent;
    base::steady_time held_until{};
    std::chrono::seconds span{0};
  };
  // By time, then by the order in which they were planned.
  using schedule_key = std::pair<base::steady_time, std::uint64_t>;
  using schedule = std::map<schedule_key, lane*>;
  using timed_tickets = std::set<std::pair<base::steady_time, request_ticket>>;

  // Ways of an entry: submit -> (in_order ->) in_lane or straight -> in_flight -> gone, with held in between.
  void enter_lane(entry& item, base::steady_time now, bool in_front);
  void hold(entry& item, base::steady_time until);
  void wait_at(entry& item, place where);
  void leave_place(entry& item);
  void refuse(entry& item, rest_error why, std::chrono::milliseconds wait);
  void forget(entry& item);
  limiter_step mark_sent(entry& item, base::steady_time now);
  void finish_attempt(entry& item, base::steady_time now);
  void lose_attempt(entry& item, base::steady_time now);

  void promote(base::steady_time now);
  void release_held(base::steady_time now);
  void expire(base::steady_time now);
  [[nodiscard]] std::optional<limiter_step> send_from(schedule& lanes, base::steady_time now);
  [[nodiscard]] bool may_go(entry& item, base::steady_time now);

  [[nodiscard]] lane& lane_of(const limited_request& request, base::steady_time now);
  void plan(lane& of, base::steady_time now);
  void give_up_turn(lane& of);
  void plan_siblings(lane& of, base::steady_time now);
  void learn(lane& of, const limit_signal& signal, base::steady_time sent, base::steady_time now);
  void join_window(lane& of, const std::string& hash);

  [[nodiscard]] after_attempt after_rate_limit(entry& item, const limit_signal& signal,
                                               base::steady_time now);
  [[nodiscard]] after_attempt try_later(entry& item, bool surely_not_sent, base::steady_time now);
  [[nodiscard]] after_attempt deliver(entry& item);
  void block_all(base::steady_time until, base::steady_time now);
  void refuse_hopeless(const lane* of, base::steady_time until, base::steady_time now);
  void stop_bot();

  [[nodiscard]] base::steady_time global_free_at() const;
  [[nodiscard]] base::steady_time hidden_free_at(const limited_request& request) const;
  [[nodiscard]] static std::string hidden_key(const limited_request& request);
  void sweep(base::steady_time now);

  rate_limiter_settings settings_;
  base::random_source random_;
  std::unordered_map<request_ticket, std::unique_ptr<entry>> entries_;
  std::unordered_map<std::string, std::unique_ptr<lane>> lanes_;      // by route and major
  std::unordered_map<std::string, std::shared_ptr<window>> windows_;  // by hash and major
  std::unordered_map<std::string, std::string> hashes_;               // by route::name
  std::unordered_map<std::string, std::deque<request_ticket>>
      order_;  // the first may go, the others wait for it
  std::unordered_map<std::string, hidden_state> hidden_;
  std::deque<std::string> promotions_;  // order keys whose first has changed
  timed_tickets held_;
  timed_tickets deadlines_;  // of all that wait
  schedule limited_;         // lanes with work, by the time they may send
  schedule exempt_;          // the same for lanes outside the global limit
  std::deque<request_ticket> straight_;
  std::deque<limiter_step> failures_;
  discord::global_window global_;
  base::steady_time global_blocked_until_{};
  base::steady_time next_sweep_{};
  std::uint64_t plans_ = 0;
  std::size_t waiting_ = 0;
  bool stopped_ = false;
};

}  // namespace guildfleet::discord
