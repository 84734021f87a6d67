// Cuts connections whose server does not answer in time, so that no thread hangs on a frozen network.
#pragma once

#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "base/clock.hpp"

namespace guildfleet::store {

// One thread. Thread-safe. Deadlines are of std::chrono::steady_clock.
class connection_watch final {
  struct entry {
    int socket;
    base::steady_time deadline;
    bool cut = false;
  };

 public:
  connection_watch();
  ~connection_watch();
  connection_watch(const connection_watch&) = delete;
  connection_watch& operator=(const connection_watch&) = delete;

  // While it lives the socket is shut down when the deadline passes. Must not outlive the watch.
  class guard final {
   public:
    guard(connection_watch& watch, int socket, base::steady_time deadline);
    ~guard();
    guard(const guard&) = delete;
    guard& operator=(const guard&) = delete;
    [[nodiscard]] bool cut() const;

   private:
    connection_watch& watch_;
    std::list<entry>::iterator place_;
  };

 private:
  void loop();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<entry> entries_;  // as many as the pool has connections
  base::steady_time next_look_ = base::steady_time::max();
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace guildfleet::store
