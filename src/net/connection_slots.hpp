// A bounded number of permits, given out in the order they were asked for. Private to net/.
#pragma once

#include <list>
#include <memory>
#include <optional>

#include "net/async_event.hpp"

namespace guildfleet::net {

// Runs on one reactor. Permits may outlive it.
class connection_slots final {
 private:
  struct waiter {
    explicit waiter(const asio::any_io_executor& executor) : woken(executor) {}
    async_event woken;
    bool granted = false;
  };
  struct state {
    asio::any_io_executor executor;
    std::size_t free = 0;
    std::list<std::shared_ptr<waiter>> waiters;
  };

 public:
  // One connection may exist while this does.
  class permit final {
   public:
    explicit permit(std::shared_ptr<state> from) : from_(std::move(from)) {}
    permit(permit&&) noexcept = default;
    permit& operator=(permit&&) = delete;
    ~permit();

   private:
    std::shared_ptr<state> from_;
  };

  connection_slots(asio::any_io_executor executor, std::size_t count);
  // nullopt: the deadline passed or the coroutine was cancelled.
  [[nodiscard]] task<std::optional<permit>> acquire(deadline until);

 private:
  static task<std::optional<permit>> acquire_from(std::shared_ptr<state> from, deadline until);

  std::shared_ptr<state> state_;
};

}  // namespace guildfleet::net
