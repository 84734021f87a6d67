// What the tests of this room share.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <gtest/gtest.h>
#include <utility>

#include "net/io.hpp"

namespace guildfleet::net {

// A deadline that only a broken test reaches.
[[nodiscard]] inline deadline soon() {
  return deadline_in(std::chrono::seconds(20));
}

// Runs one coroutine, and what it started, to the end.
inline void run_to_end(asio::io_context& context, task<> body) {
  bool ended = false;
  asio::co_spawn(context, std::move(body), [&](const std::exception_ptr& thrown) {
    ended = true;
    if (thrown) std::rethrow_exception(thrown);
  });
  context.run_for(std::chrono::seconds(30));
  EXPECT_TRUE(ended) << "the coroutine still waits";
}

}  // namespace guildfleet::net
