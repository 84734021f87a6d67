// Discord's global limit of requests, shared by the nodes of one bot through Redis.
#pragma once

#include "store/redis/redis_link.hpp"
#include "store/rows.hpp"

namespace guildfleet::store {

struct request_grant {
  std::uint32_t granted = 0;          // requests that may be sent now
  std::chrono::milliseconds wait{0};  // with fewer than wanted: until more may be free
};

struct request_share_settings {
  std::string prefix = "guildfleet";
  std::uint32_t limit = 50;  // protocol sheet 2.3: requests per second of a bot
  std::chrono::milliseconds window{
      1'100};  // more than Discord's second: networks and busy machines delay unevenly
  std::chrono::milliseconds patience{100};
};

// One reactor. `link` outlives it.
class request_share final {
 public:
  request_share(redis_link& link, request_share_settings settings)
      : link_(link), settings_(std::move(settings)) {}

  // Reserves up to `wanted` requests, to be sent at once. Over all nodes no window of time holds more than
  // the limit. Errors: as redis_link::call; the caller then goes by its share of the leases
  // (share_without_redis).
  [[nodiscard]] net::task<base::result<request_grant>> reserve(bot_name bot, std::uint32_t wanted);

 private:
  redis_link& link_;
  request_share_settings settings_;
};

// What a node may send in a second when nodes cannot ask each other: its part by the shards it holds, at
// least 1 and at most `limit`.
[[nodiscard]] std::uint32_t share_without_redis(std::uint32_t limit, std::uint32_t held_shards,
                                                std::uint32_t all_shards);

}  // namespace guildfleet::store
