#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include "net/cancellation.hpp"
#include "net/stream_kinds.hpp"
#include "net/stream_socket.hpp"
#include "net/system_error.hpp"

namespace guildfleet::net {
namespace {

using socket_ptr = std::shared_ptr<stream_socket>;

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

std::unexpected<base::error> failed_transfer(int error) {
  return base::fail(error_of_transfer({error, boost::system::system_category()}));
}

// The coroutines hold the socket, not the stream: the stream may be destroyed while they wait.
task<base::result<std::size_t>> read_plain(socket_ptr socket, std::span<char> into, deadline until) {
  if (socket->cancelled() || co_await is_cancelled()) co_return base::fail(net_error::cancelled);
  while (true) {
    const ssize_t count = ::recv(socket->native(), into.data(), into.size(), 0);
    if (count > 0) {
      const auto bytes = static_cast<std::size_t>(count);
      const auto turn = co_await socket->take_turn(bytes, no_deadline());
      if (!turn) co_return std::unexpected(turn.error());
      co_return bytes;
    }
    if (count == 0) co_return base::fail(net_error::closed);
    const int error = errno;
    if (error == EINTR) continue;
    if (!would_block(error)) co_return failed_transfer(error);
    const auto waited = co_await socket->wait_readable(until);
    if (!waited) co_return std::unexpected(waited.error());
  }
}

task<base::result<void>> write_plain(socket_ptr socket, std::string_view bytes, deadline until) {
  if (socket->cancelled()) co_return base::fail(net_error::cancelled);
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket->native(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      const auto turn = co_await socket->take_turn(static_cast<std::size_t>(count), until);
      if (!turn) co_return std::unexpected(turn.error());
      continue;
    }
    const int error = errno;
    if (error == EINTR) continue;
    if (!would_block(error)) co_return failed_transfer(error);
    const auto waited = co_await socket->wait_writable(until);
    if (!waited) co_return std::unexpected(waited.error());
  }
  co_return base::result<void>();
}

task<> shut_down_plain(socket_ptr socket, deadline until) {
  socket->shut_down_sending();
  char discarded[4096];
  while (co_await read_plain(socket, discarded, until)) {
  }
  socket->close();
}

class plain_stream final : public byte_stream {
 public:
  explicit plain_stream(asio::ip::tcp::socket socket)
      : socket_(std::make_shared<stream_socket>(std::move(socket))) {}
  ~plain_stream() override { socket_->close(); }
  plain_stream(const plain_stream&) = delete;
  plain_stream& operator=(const plain_stream&) = delete;

  task<base::result<std::size_t>> read_some(std::span<char> into, deadline until) override {
    return read_plain(socket_, into, until);
  }
  task<base::result<void>> write_all(std::string_view bytes, deadline until) override {
    return write_plain(socket_, bytes, until);
  }
  task<> shut_down(deadline until) override { return shut_down_plain(socket_, until); }
  void cancel() noexcept override { socket_->cancel(); }
  bool unfit_for_reuse() override { return socket_->readable_now(); }

 private:
  socket_ptr socket_;
};

}  // namespace

std::unique_ptr<byte_stream> make_plain_stream(asio::ip::tcp::socket socket) {
  return std::make_unique<plain_stream>(std::move(socket));
}

}  // namespace guildfleet::net
