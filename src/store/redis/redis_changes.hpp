// Settings changes told between nodes over Redis' pub/sub.
#pragma once

#include <functional>

#include "store/data_rows.hpp"
#include "store/redis/redis_link.hpp"

namespace guildfleet::store {

// Published after the change was committed. The caller does not wait for it: what is lost is found by the
// regular check of versions.
[[nodiscard]] net::task<> publish_change(redis_link& link, std::string prefix, changed_settings change);

struct change_listener_events {
  std::function<void(const changed_settings&)> on_change;
  std::function<void()> on_gap;  // (re)connected: whatever was told before may have been missed
};

// Listens on a connection of its own, from construction on, and connects again when it breaks. One reactor.
class redis_change_listener final {
 public:
  redis_change_listener(net::asio::any_io_executor executor, redis_settings settings, std::string prefix,
                        change_listener_events events, base::logger log);
  ~redis_change_listener();
  void close();

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
  net::task_group tasks_;
};

}  // namespace guildfleet::store
