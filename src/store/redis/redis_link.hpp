// Calls to Redis over one connection that many share, and that mends itself.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "net/task_group.hpp"
#include "store/redis/redis_channel.hpp"

namespace guildfleet::store {

struct redis_settings {
  redis_url url;
  net::tls_context tls;  // for rediss
  std::chrono::milliseconds connect_limit{3'000};
  std::size_t most_waiting = 10'000;  // calls without an answer
  base::backoff_settings retry{.first = std::chrono::milliseconds(100),
                               .cap = std::chrono::milliseconds(2'000)};
};

// One reactor. While Redis is away calls fail at once, and a new connection is tried in the background; that
// it went away and came back is logged once each.
class redis_link final {
 public:
  // Begins to connect. `metrics` outlives the link.
  redis_link(net::asio::any_io_executor executor, redis_settings settings, base::metrics& metrics,
             base::logger log);
  ~redis_link();

  // The reply; never of kind error. When no byte came from Redis until the deadline, the connection counts as
  // frozen and is given up. Errors: away, overloaded, command_failed, net_error::timed_out.
  [[nodiscard]] net::task<base::result<redis_reply>> call(std::vector<std::string> command,
                                                          net::deadline until);
  [[nodiscard]] bool connected() const;
  // Waiting calls end with redis_error::away. May be called again.
  void close();

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
  net::task_group tasks_;
};

}  // namespace guildfleet::store
