// Scripts for the tests of rate_limiter: submit, answer, let time pass, see what is sent.
#pragma once

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "discord/rest/rate_limiter.hpp"

namespace guildfleet::discord {

using tickets = std::vector<request_ticket>;

inline constexpr auto no_end = base::steady_time::max();

inline limited_request call(const route& route, std::string major = "1") {
  return {.route = &route,
          .major = std::move(major),
          .order_key = {},
          .hidden = nullptr,
          .has_nonce = false,
          .deadline = no_end};
}

inline limit_signal ok(int limit, int remaining, std::chrono::milliseconds reset_after,
                       std::string hash = "h") {
  return {.status = 200,
          .bucket_hash = std::move(hash),
          .limit = limit,
          .remaining = remaining,
          .reset_after = reset_after,
          .scope = {},
          .retry_after = {}};
}

inline limit_signal plain(int status) {
  return {.status = status,
          .bucket_hash = {},
          .limit = {},
          .remaining = {},
          .reset_after = {},
          .scope = {},
          .retry_after = {}};
}

inline limit_signal limited(limit_scope scope, std::chrono::milliseconds wait) {
  limit_signal signal = plain(429);
  signal.scope = scope;
  signal.retry_after = wait;
  return signal;
}

// A user's 429 with the headers of its bucket.
inline limit_signal limited_in(limit_signal bucket, std::chrono::milliseconds wait) {
  bucket.status = 429;
  bucket.scope = limit_scope::user;
  bucket.retry_after = wait;
  return bucket;
}

// A script: submit, answer, let time pass; take() says what the limiter wants sent.
class rate_limiter_script : public testing::Test {
 protected:
  request_ticket submit(limited_request request) {
    limiter().submit(++last_, std::move(request), now_);
    return last_;
  }
  tickets take() {
    tickets sent;
    while (const auto step = limiter().next(now_)) {
      if (step->what == limiter_step::kind::send) {
        sent.push_back(step->ticket);
      } else {
        failed_.emplace_back(step->ticket, step->why);
        last_wait_ = step->wait;
      }
    }
    return sent;
  }
  after_attempt answer(request_ticket ticket, const limit_signal& signal) {
    return limiter().on_response(ticket, signal, now_);
  }
  void pass(std::chrono::milliseconds time) { now_ += time; }
  // Goes from wake to wake, at most for `time`; everything sent on the way.
  tickets run(std::chrono::milliseconds time) {
    const base::steady_time end = now_ + time;
    tickets all = take();
    for (auto at = limiter().wake_at(); at && *at <= end; at = limiter().wake_at()) {
      now_ = std::max(now_, *at);
      std::ranges::copy(take(), std::back_inserter(all));
    }
    now_ = end;
    return all;
  }
  // One answered request, so that the bucket of `route` is known.
  void warm_up(const route& route, const std::string& major, const limit_signal& signal) {
    const auto ticket = submit(call(route, major));
    ASSERT_THAT(take(), testing::ElementsAre(ticket));
    answer(ticket, signal);
  }
  rate_limiter& limiter() {
    if (!limiter_) limiter_.emplace(settings_, base::random_source(1));
    return *limiter_;
  }

  rate_limiter_settings settings_;
  base::steady_time now_{std::chrono::hours(1)};
  std::vector<std::pair<request_ticket, rest_error>> failed_;
  std::chrono::milliseconds last_wait_{0};

 private:
  std::optional<rate_limiter> limiter_;
  request_ticket last_ = 0;
};

}  // namespace guildfleet::discord
