#include "net/connection_slots.hpp"

#include <utility>

namespace guildfleet::net {

connection_slots::permit::~permit() {
  if (!from_) return;
  if (from_->waiters.empty()) {
    ++from_->free;
    return;
  }
  const std::shared_ptr<waiter> next = std::move(from_->waiters.front());
  from_->waiters.pop_front();
  next->granted = true;
  next->woken.notify();
}

connection_slots::connection_slots(asio::any_io_executor executor, std::size_t count)
    : state_(std::make_shared<state>(state{std::move(executor), count, {}})) {}

auto connection_slots::acquire(deadline until) -> task<std::optional<permit>> {
  return acquire_from(state_, until);
}

auto connection_slots::acquire_from(std::shared_ptr<state> from, deadline until)
    -> task<std::optional<permit>> {
  if (from->free > 0) {
    --from->free;
    co_return permit(from);
  }
  const auto self = std::make_shared<waiter>(from->executor);
  from->waiters.push_back(self);
  co_await self->woken.wait(until);
  if (self->granted) co_return permit(from);
  from->waiters.remove(self);
  co_return std::nullopt;
}

}  // namespace guildfleet::net
