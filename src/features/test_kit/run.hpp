// A feature's coroutines, run to their end within a unit test.
#pragma once

#include <optional>
#include <utility>

#include "net/test_support.hpp"

namespace guildfleet::features::test_kit {

// Throws what the task threw.
inline void run(net::task<> task) {
  net::asio::io_context context;
  net::run_to_end(context, std::move(task));
}
template <class T>
T run(net::task<T> task) {
  std::optional<T> out;
  run([](net::task<T> it, std::optional<T>& into) -> net::task<> { into = co_await std::move(it); }(
                                                      std::move(task), out));
  return *std::move(out);
}

}  // namespace guildfleet::features::test_kit
