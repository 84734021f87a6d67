// Every coroutine belongs to a group that is closed and joined; the only place that spawns detached.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/io.hpp"

namespace guildfleet::net {

// Lives on one reactor. An exception that leaves a member is a bug: it is logged with the member's name and
// handed to on_crash, and the other members go on.
//
// A member sees cancellation as a value: it runs with throw_if_cancelled(false), the operation under way ends
// with net_error::cancelled (or false), and so does every later operation of net/ that reads or waits (a
// write that needs no waiting still succeeds). A loop must end on that. A member that still has to say
// goodbye calls `co_await asio::this_coro::reset_cancellation_state()` first and then works with a short
// deadline.
class task_group final {
 public:
  using crash_handler = std::function<void(const std::string& name, const std::string& what)>;

  explicit task_group(asio::any_io_executor executor, crash_handler on_crash = {});
  ~task_group();  // must be joined or empty by then; otherwise members are cancelled and left to their shared
                  // state
  task_group(const task_group&) = delete;
  task_group& operator=(const task_group&) = delete;

  // Starts a member in a later turn of the loop. Its arguments must be in the coroutine's frame (named
  // function, by value). Refused after close().
  void spawn(std::string name, task<> member);
  // Asks all members to stop: terminal cancellation is emitted on the group's own reactor. Any thread.
  void cancel();
  // No new members.
  void close();
  // Waits until every member has ended, even when the waiting coroutine is cancelled. Call close() first.
  task<> join();
  // After join(): new members are taken again.
  void reopen();
  [[nodiscard]] std::size_t size() const;

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace guildfleet::net
