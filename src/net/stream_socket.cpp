#include "net/stream_socket.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include "net/cancellation.hpp"
#include "net/system_error.hpp"

namespace guildfleet::net {
namespace {

// A coroutine may move this much, or make this many transfers, before others get their turn.
constexpr std::size_t bytes_per_turn = 1U << 20U;
constexpr std::size_t least_bytes_counted = 32U << 10U;

}  // namespace

stream_socket::stream_socket(asio::ip::tcp::socket socket)
    : socket_(std::move(socket)), watchdog_(socket_.get_executor()) {
  boost::system::error_code ignored;
  socket_.native_non_blocking(true, ignored);
}

task<base::result<void>> stream_socket::wait_readable(deadline until) {
  return wait_for(wait_type::wait_read, until);
}

task<base::result<void>> stream_socket::wait_writable(deadline until) {
  return wait_for(wait_type::wait_write, until);
}

task<base::result<void>> stream_socket::wait_for(wait_type type, deadline until) {
  const auto self = shared_from_this();
  turn_bytes_ = 0;
  if (co_await is_cancelled() || cancelled_) co_return base::fail(net_error::cancelled);
  if (std::chrono::steady_clock::now() >= until) co_return base::fail(net_error::timed_out);
  deadline& own_deadline = type == wait_type::wait_read ? read_until_ : write_until_;
  own_deadline = until;
  arm_watchdog(until);
  boost::system::error_code code;
  co_await socket_.async_wait(type, asio::redirect_error(asio::use_awaitable, code));
  own_deadline = no_deadline();
  if (!code) co_return base::result<void>();
  if (code != asio::error::operation_aborted) co_return base::fail(error_of_transfer(code));
  if (cancelled_ || co_await is_cancelled()) co_return base::fail(net_error::cancelled);
  if (std::chrono::steady_clock::now() >= until) co_return base::fail(net_error::timed_out);
  co_return base::result<void>();  // the other direction's deadline ended both waits
}

task<base::result<void>> stream_socket::take_turn(std::size_t bytes, deadline until) {
  turn_bytes_ += std::max(bytes, least_bytes_counted);
  if (turn_bytes_ < bytes_per_turn) co_return base::result<void>();
  const auto self = shared_from_this();
  turn_bytes_ = 0;
  co_await asio::post(socket_.get_executor(), asio::use_awaitable);
  if (cancelled_ || co_await is_cancelled()) co_return base::fail(net_error::cancelled);
  if (std::chrono::steady_clock::now() >= until) co_return base::fail(net_error::timed_out);
  co_return base::result<void>();
}

void stream_socket::arm_watchdog(deadline until) {
  if (until >= armed_until_) return;
  armed_until_ = until;
  watchdog_.expires_at(until);
  watchdog_.async_wait([weak = weak_from_this()](const boost::system::error_code& code) {
    const auto self = weak.lock();
    if (self && !code) self->on_watchdog();
  });
}

void stream_socket::on_watchdog() {
  armed_until_ = no_deadline();
  const deadline earliest = std::min(read_until_, write_until_);
  if (std::chrono::steady_clock::now() < earliest) {
    arm_watchdog(earliest);
    return;
  }
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void stream_socket::cancel() noexcept {
  cancelled_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void stream_socket::close() noexcept {
  cancelled_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
  watchdog_.cancel();
}

void stream_socket::shut_down_sending() noexcept {
  boost::system::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

bool stream_socket::readable_now() const noexcept {
  pollfd entry{const_cast<asio::ip::tcp::socket&>(socket_).native_handle(), POLLIN, 0};
  return ::poll(&entry, 1, 0) != 0;
}

}  // namespace guildfleet::net
