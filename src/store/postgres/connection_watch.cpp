#include "store/postgres/connection_watch.hpp"

#include <algorithm>
#include <sys/socket.h>

namespace guildfleet::store {

connection_watch::connection_watch() : thread_([this] { loop(); }) {}

connection_watch::~connection_watch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

connection_watch::guard::guard(connection_watch& watch, int socket, base::steady_time deadline)
    : watch_(watch) {
  const std::lock_guard lock(watch_.mutex_);
  place_ = watch_.entries_.insert(watch_.entries_.end(), {.socket = socket, .deadline = deadline});
  if (deadline < watch_.next_look_) watch_.changed_.notify_all();
}

connection_watch::guard::~guard() {
  const std::lock_guard lock(watch_.mutex_);
  watch_.entries_.erase(place_);
}

bool connection_watch::guard::cut() const {
  const std::lock_guard lock(watch_.mutex_);
  return place_->cut;
}

// Looks at the earliest deadline known when it fell asleep; a call that ends in time wakes nobody.
void connection_watch::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto now = std::chrono::steady_clock::now();
    next_look_ = base::steady_time::max();
    for (entry& each : entries_) {
      if (each.cut) continue;
      if (each.deadline <= now) {
        each.cut = true;
        ::shutdown(each.socket, SHUT_RDWR);
      } else {
        next_look_ = std::min(next_look_, each.deadline);
      }
    }
    if (next_look_ == base::steady_time::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, next_look_);
    }
  }
}

}  // namespace guildfleet::store
