// A bot's global limit of requests, kept together with the other nodes that run shards of it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "store/redis/request_share.hpp"

namespace guildfleet::bot {

// How requests are reserved at Redis; called on the bot's home reactor.
using reserve_requests =
    std::function<net::task<base::result<store::request_grant>>(store::bot_name bot, std::uint32_t wanted)>;

struct shared_rate_settings {
  std::uint32_t limit = 50;                          // protocol sheet 2.3: requests per second of a bot
  std::chrono::milliseconds ask_again_after{2'000};  // while Redis does not answer
  std::chrono::milliseconds window{1'100};           // in which what was reserved before is surely spent
};

// With Redis every request is reserved before it is written. Without it, and while it does not answer, a node
// keeps to its part of the limit, by the shards that it holds. Lives on the bot's home reactor.
class shared_rate final {
 public:
  // `set_limit` is told what this node's limiter may send in a second. `reserve` may be empty: no Redis.
  shared_rate(net::asio::any_io_executor home, store::bot_name bot, shared_rate_settings settings,
              reserve_requests reserve, std::function<void(int)> set_limit, base::logger log);

  void on_shards(std::uint32_t held, std::uint32_t all);
  // Waits until one request may be written. False: not before the deadline, or it was closed.
  [[nodiscard]] net::task<bool> pass(base::steady_time deadline);
  void close();

 private:
  struct waiter {
    explicit waiter(const net::asio::any_io_executor& on) : decided(on) {}
    net::async_event decided;
    bool passed = false;
    bool gone = false;  // its deadline was first
  };

  net::task<> serve();
  net::task<> on_silence();
  void let_pass(std::size_t count);
  void apply_limit();

  net::asio::any_io_executor home_;
  store::bot_name bot_;
  shared_rate_settings settings_;
  reserve_requests reserve_;
  std::function<void(int)> set_limit_;
  base::logger log_;
  std::deque<std::shared_ptr<waiter>> waiting_;  // as many as the limiter lets go at once
  net::task_group tasks_;
  std::uint32_t part_;
  bool serving_ = false;
  bool answered_ = false;  // the last time that Redis was asked
  bool closed_ = false;
  base::steady_time ask_at_{};
};

}  // namespace guildfleet::bot
