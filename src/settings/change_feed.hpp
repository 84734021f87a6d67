// Keeps a node's settings current: hears of changes, asks the store for what it did not hear of, and tells
// those who follow them.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "net/async_event.hpp"
#include "net/io.hpp"
#include "store/data_store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::settings {

struct feed_settings {
  store::environment_name environment{};
  // With a source of notes (LISTEN, Redis) the store is asked seldom; without, several times a second.
  std::chrono::milliseconds check_every{30'000};
  std::uint32_t page = 500;
};
constexpr std::chrono::milliseconds check_without_notes{250};

struct feed_parts {
  std::shared_ptr<store::settings_store> store;
  store::store_executor& store_thread;
  base::metrics& metrics;
  base::logger log;
};

// Lives on one reactor; note() and note_gap() may be called on any thread.
class change_feed final {
 public:
  // Called on the feed's reactor; posts to where the follower lives.
  struct follower {
    std::function<void(const store::changed_settings&)> on_change;
    std::function<void()> on_gap;  // anything may have changed
  };

  change_feed(net::asio::any_io_executor executor, feed_settings settings, feed_parts parts);

  // Settings are in use from now on; before, nothing is checked. On the feed's reactor.
  void activate() {
    if (active_) return;
    active_ = true;
    hurry_.notify();
  }
  // Before run().
  void follow(follower who) { followers_.push_back(std::move(who)); }
  // Checks until cancelled, and goes on trying while the store is away. Its first answer tells a gap: what
  // was read before may be old.
  net::task<> run();

  void note(store::changed_settings change);
  void note_gap();

 private:
  net::task<> check();
  void tell(const store::changed_settings& change);
  void tell_gap();

  net::asio::any_io_executor executor_;
  feed_settings settings_;
  feed_parts parts_;
  std::vector<follower> followers_;
  net::async_event hurry_;
  std::int64_t cursor_ = 0;
  bool active_ = false;
  bool failing_ = false;
  base::counter noted_;
  base::counter found_;
  base::counter failures_;
};

}  // namespace guildfleet::settings
