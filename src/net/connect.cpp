#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>
#include <vector>

#include "net/async_event.hpp"
#include "net/cancellation.hpp"
#include "net/stream_kinds.hpp"
#include "net/system_error.hpp"

namespace guildfleet::net {
namespace {

using tcp = asio::ip::tcp;

// Shared with the resolver's callback: the system's resolver cannot be interrupted, so a caller whose
// deadline passed leaves it behind.
struct lookup {
  explicit lookup(const asio::any_io_executor& executor) : resolver(executor), finished(executor) {}

  tcp::resolver resolver;
  async_event finished;
  boost::system::error_code code;
  std::vector<tcp::endpoint> endpoints;
};

task<base::result<std::vector<tcp::endpoint>>> resolve(connect_target target, deadline until) {
  boost::system::error_code not_literal;
  const auto literal = asio::ip::make_address(target.host, not_literal);
  if (!not_literal) co_return std::vector{tcp::endpoint(literal, target.port)};
  const auto search = std::make_shared<lookup>(co_await asio::this_coro::executor);
  search->resolver.async_resolve(
      target.host, std::to_string(target.port), tcp::resolver::numeric_service,
      [search](const boost::system::error_code& code, const tcp::resolver::results_type& found) {
        search->code = code;
        for (const auto& entry : found) search->endpoints.push_back(entry.endpoint());
        search->finished.notify();
      });
  if (!co_await search->finished.wait(until)) {
    search->resolver.cancel();
    co_return base::fail(co_await is_cancelled() ? net_error::cancelled : net_error::timed_out);
  }
  if (search->code) {
    co_return base::fail(net_error::unreachable, search->code.message(),
                         "Check the name, and the name servers of this machine.");
  }
  co_return std::move(search->endpoints);
}

// A share of the time that is left, so that one address that swallows packets does not use it all.
deadline share_of(deadline until, std::size_t attempts_left) {
  const auto now = std::chrono::steady_clock::now();
  if (attempts_left <= 1 || until == no_deadline() || until <= now) return until;
  return now + (until - now) / static_cast<std::int64_t>(attempts_left);
}

task<base::result<tcp::socket>> connect_to(tcp::endpoint endpoint, deadline until) {
  if (co_await is_cancelled()) co_return base::fail(net_error::cancelled);
  const auto executor = co_await asio::this_coro::executor;
  const auto socket = std::make_shared<tcp::socket>(executor);
  asio::steady_timer timer(executor, until);
  timer.async_wait([weak = std::weak_ptr(socket)](const boost::system::error_code& code) {
    const auto kept = weak.lock();
    boost::system::error_code ignored;
    if (kept && !code) kept->cancel(ignored);
  });
  boost::system::error_code code;
  co_await socket->async_connect(endpoint, asio::redirect_error(asio::use_awaitable, code));
  timer.cancel();
  if (!code) {
    boost::system::error_code ignored;
    socket->set_option(tcp::no_delay(true), ignored);
    socket->set_option(asio::socket_base::keep_alive(true), ignored);
    co_return std::move(*socket);
  }
  if (code != asio::error::operation_aborted) co_return base::fail(error_of_opening(code));
  co_return base::fail(co_await is_cancelled() ? net_error::cancelled : net_error::timed_out);
}

task<base::result<tcp::socket>> connect_to_any(std::vector<tcp::endpoint> endpoints, deadline until) {
  base::result<tcp::socket> last = base::fail(net_error::unreachable);
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    last = co_await connect_to(endpoints[i], share_of(until, endpoints.size() - i));
    if (last || last.error().code() == net_error::cancelled) break;
  }
  co_return last;
}

std::string name_of(const connect_target& target) {
  return target.host + ":" + std::to_string(target.port);
}

}  // namespace

task<base::result<std::unique_ptr<byte_stream>>> connect(connect_target target, tls_context tls,
                                                         deadline until) {
  auto endpoints = co_await resolve(target, until);
  if (!endpoints) co_return std::unexpected(std::move(endpoints.error()).within(target.host));
  auto socket = co_await connect_to_any(std::move(*endpoints), until);
  if (!socket) co_return std::unexpected(std::move(socket.error()).within(name_of(target)));
  if (!tls) co_return make_plain_stream(std::move(*socket));
  co_return co_await make_tls_stream(std::move(*socket), std::move(tls), std::move(target.host), until);
}

task<base::result<std::unique_ptr<byte_stream>>> accept_stream(tcp::socket socket, tls_context tls,
                                                               deadline until) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  if (!tls) co_return make_plain_stream(std::move(socket));
  co_return co_await make_tls_stream(std::move(socket), std::move(tls), {}, until);
}

}  // namespace guildfleet::net
