#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <exception>

#include "pch/pure.hpp"

namespace guildfleet::pch {

inline void instantiate(boost::asio::io_context& context, boost::asio::awaitable<void> work) {
  const boost::asio::any_io_executor executor = context.get_executor();
  boost::asio::steady_timer timer(context);
  boost::asio::post(executor, [] {});
  boost::asio::co_spawn(executor, std::move(work), [](const std::exception_ptr&) {});
}

}  // namespace guildfleet::pch
