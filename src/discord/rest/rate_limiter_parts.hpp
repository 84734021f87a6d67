// The inner records of rate_limiter, shared by its source files.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "discord/rest/rate_limiter.hpp"

namespace guildfleet::discord {

// A bucket with all lanes that draw from it.
struct rate_limiter::window {
  explicit window(std::chrono::milliseconds slack) : limit(slack) {}
  bucket limit;
  std::string key;  // hash and major; empty while the hash is unknown
  std::vector<lane*> lanes;
};

// The queue of one route and major parameter.
struct rate_limiter::lane {
  const discord::route* route = nullptr;
  std::string major;
  std::deque<request_ticket> queue;
  std::shared_ptr<window> from;
  int in_flight = 0;
  base::steady_time last_used{};
  std::optional<schedule_key> planned;  // its key in the schedule
};

struct rate_limiter::entry {
  request_ticket ticket = 0;
  limited_request request;
  lane* in = nullptr;  // while in_lane, and in_flight unless the route has no bucket
  place where = place::in_order;
  bool counted = false;  // in waiting_ and deadlines_
  base::steady_time held_until{};
  base::steady_time sent{};
  int attempts = 0;
  int rate_limited = 0;
  base::backoff retry;
  // When the first attempt was sent that may have taken effect.
  std::optional<base::steady_time> uncertain_since;
};

}  // namespace guildfleet::discord
