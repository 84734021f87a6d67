// Cancellation as a value.
#pragma once

#include <boost/asio/this_coro.hpp>

#include "net/io.hpp"

namespace guildfleet::net {

// True once the calling coroutine was asked to stop. Members of a task_group see cancellation as results, and
// Asio aborts only the operation under way, so each operation asks this before it waits.
[[nodiscard]] inline task<bool> is_cancelled() {
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

}  // namespace guildfleet::net
