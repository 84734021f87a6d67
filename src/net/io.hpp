// The one spelling of coroutines and deadlines for rooms that do I/O.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace guildfleet::net {

namespace asio = boost::asio;

// A coroutine that runs on the reactor (io_context) it was spawned on. Expected failures are values inside T.
template <class T = void>
using task = asio::awaitable<T>;

// A point in time by which an operation must end. Inner layers pass it on and invent none of their own.
using deadline = base::steady_time;

[[nodiscard]] inline deadline deadline_in(std::chrono::milliseconds from_now) {
  return std::chrono::steady_clock::now() + from_now;
}
[[nodiscard]] inline deadline no_deadline() {
  return deadline::max();
}

}  // namespace guildfleet::net
