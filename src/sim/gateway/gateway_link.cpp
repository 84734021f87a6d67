#include "sim/gateway/gateway_link.hpp"

#include "sim/gateway/gateway_hub.hpp"

namespace guildfleet::sim {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds write_limit(30'000);
constexpr milliseconds close_limit(2'000);

transport_compression compression_of(const connect_query& query) {
  return check_connect_query(query).value_or(transport_compression::none);
}

// Length of the first frame of a server (RFC 6455 section 5.2, without a mask).
std::size_t first_frame_bytes(std::string_view frames) {
  const auto byte = [frames](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(frames[at]));
  };
  const std::size_t length = byte(1);
  if (length < 126) return 2 + length;
  const std::size_t digits = length == 126 ? 2 : 8;
  std::size_t payload = 0;
  for (std::size_t at = 0; at < digits; ++at) payload = payload << 8U | byte(2 + at);
  return 2 + digits + payload;
}

}  // namespace

gateway_link::gateway_link(net::asio::any_io_executor executor, gateway_hub& hub,
                           std::unique_ptr<net::ws_connection> socket, connect_query query,
                           std::uint64_t number)
    : hub_(hub),
      socket_(std::move(socket)),
      encoder_(compression_of(query), hub.settings().zlib_split_every),
      writer_event_(executor),
      reader_event_(executor),
      connection_(hub, *this, std::move(query), number) {}

net::task<> gateway_link::serve(std::shared_ptr<gateway_link> link, net::task_group& group) {
  link->connection_.open(link->hub_.clock().steady_now());
  group.spawn("sim gateway writer", write_loop(link));
  co_await link->read_loop();
}

net::task<> gateway_link::read_loop() {
  const std::function<void(const net::ws_event&)> on_message = [this](const net::ws_event& event) {
    connection_.on_text(event.payload, hub_.clock().steady_now());
  };
  while (!dropped_) {
    if (frozen_) {
      if (!co_await reader_event_.wait(net::no_deadline())) break;
      continue;
    }
    const auto went_on = co_await socket_->pump(on_message, net::no_deadline());
    if (went_on) continue;
    connection_.on_peer_gone(socket_->end().close_code, hub_.clock().steady_now());
    break;
  }
  reader_ended_ = true;
  writer_event_.notify();
}

net::task<> gateway_link::write_loop(std::shared_ptr<gateway_link> link) {
  while (!link->dropped_ && !link->reader_ended_) {
    link->connection_.on_tick(link->hub_.clock().steady_now());
    link->connection_.pull();
    if (!link->outbox_.empty() && !link->frozen_ && !link->dropped_) {
      if (!co_await link->flush()) break;
      continue;
    }
    if (link->close_code_ != 0 && !link->frozen_) {
      co_await link->socket_->close(link->close_code_, link->close_reason_, net::deadline_in(close_limit));
      break;
    }
    if (link->dropped_) break;
    const auto due = link->due();
    const bool notified = co_await link->writer_event_.wait(due);
    if (!notified && std::chrono::steady_clock::now() < due) break;  // cancelled
  }
  link->connection_.on_peer_gone(0, link->hub_.clock().steady_now());
  link->dropped_ = true;
  link->socket_->abort();
  link->reader_event_.notify();
}

net::task<bool> gateway_link::flush() {
  if (bytes_per_second_ != 0) co_return co_await flush_slowly();
  sending_.clear();
  std::swap(sending_, outbox_);
  const auto sent = co_await socket_->send_encoded(sending_, net::deadline_in(write_limit));
  co_return sent.has_value();
}

// One frame at a time, so that pongs stay between frames.
net::task<bool> gateway_link::flush_slowly() {
  const std::size_t length = first_frame_bytes(outbox_);
  sending_.assign(outbox_, 0, length);
  outbox_.erase(0, length);
  const auto pause = milliseconds(sending_.size() * 1000 / bytes_per_second_);
  const auto sent = co_await socket_->send_encoded(sending_, net::deadline_in(write_limit));
  if (!sent) co_return false;
  co_return co_await net::sleep_until(net::deadline_in(pause));
}

// The hub's clock may be another than the reactor's.
net::deadline gateway_link::due() const {
  const auto due = connection_.next_due();
  if (due == base::steady_time::max()) return net::no_deadline();
  const auto left = std::max(due - hub_.clock().steady_now(), base::steady_time::duration::zero());
  return std::chrono::steady_clock::now() + left;
}

void gateway_link::send(std::string_view json) {
  if (dropped_ || close_code_ != 0) return;
  encoder_.append(outbox_, json);
  if (outbox_.size() <= hub_.settings().outbox_bytes) return;
  ++hub_.counters().slow_consumers;
  drop();
}

void gateway_link::send_garbage() {
  transport_encoder::append_garbage(outbox_);
  wake();
}

void gateway_link::close(std::uint16_t code, std::string_view reason) {
  close_code_ = code;
  close_reason_ = reason;
  wake();
}

void gateway_link::drop() {
  dropped_ = true;
  socket_->abort();
  wake();
  reader_event_.notify();
}

void gateway_link::wake() {
  writer_event_.notify();
}

void gateway_link::freeze() {
  frozen_ = true;
}

}  // namespace guildfleet::sim
