#include "net/ws_connection.hpp"

#include <array>
#include <utility>

#include "net/async_event.hpp"
#include "net/cancellation.hpp"
#include "net/mask_source.hpp"

namespace guildfleet::net {
namespace {

constexpr std::size_t longest_queue = 16U << 20U;
// A queue buffer that grew beyond this is given back once it is empty.
constexpr std::size_t kept_queue_capacity = 16U << 10U;

}  // namespace

struct ws_connection::impl : std::enable_shared_from_this<impl> {
  using message_handler = std::function<void(const ws_event&)>;

  impl(std::unique_ptr<byte_stream> from, ws_role own_role, ws_limits limits, std::string_view leftover)
      : stream(std::move(from)),
        role(own_role),
        decoder(own_role, limits),
        unread_leftover(!leftover.empty()) {
    while (!leftover.empty()) {
      const std::span<char> room = decoder.prepare();
      const std::size_t count = leftover.copy(room.data(), room.size());
      decoder.commit(count);
      leftover.remove_prefix(count);
    }
  }

  task<base::result<void>> pump(const message_handler& on_message, deadline until);
  task<base::result<void>> take_events(const message_handler& on_message, deadline until);
  task<base::result<void>> take_control(ws_event event, deadline until);
  task<base::result<void>> send(ws_opcode opcode, std::string_view payload, deadline until);
  task<base::result<void>> send_encoded(std::string_view frames, deadline until);
  task<base::result<void>> flush(std::uint64_t upto, deadline until);
  task<base::result<void>> send_close(std::string payload, deadline until);
  task<> close(std::string payload, deadline until);
  void encode(ws_opcode opcode, std::string_view payload);
  void fail_writes(const base::error& error);
  async_event& written_event(const asio::any_io_executor& executor);
  async_event& ended_event(const asio::any_io_executor& executor);
  void mark_ended();

  std::unique_ptr<byte_stream> stream;
  ws_role role;
  ws_decoder decoder;
  ws_end end;
  bool unread_leftover;
  bool pumping = false;
  bool ended = false;  // nothing more will be read
  bool close_sent = false;

  // Positions count bytes ever queued and ever written, so a sender knows when its own are out.
  std::string pending;
  std::string in_flight;
  std::uint64_t queued = 0;
  std::uint64_t written = 0;
  unsigned waiting_senders = 0;
  bool writing = false;
  std::optional<base::error> write_failure;
  mask_source masks;
  // Made when first waited for: an idle connection has none.
  std::unique_ptr<async_event> written_event_;
  std::unique_ptr<async_event> ended_event_;
};

async_event& ws_connection::impl::written_event(const asio::any_io_executor& executor) {
  if (!written_event_) written_event_ = std::make_unique<async_event>(executor);
  return *written_event_;
}

async_event& ws_connection::impl::ended_event(const asio::any_io_executor& executor) {
  if (!ended_event_) ended_event_ = std::make_unique<async_event>(executor);
  return *ended_event_;
}

void ws_connection::impl::mark_ended() {
  ended = true;
  if (ended_event_) ended_event_->notify();
}

task<base::result<void>> ws_connection::impl::pump(const message_handler& on_message, deadline until) {
  const auto self = shared_from_this();
  if (ended) co_return base::fail(net_error::closed);
  if (std::exchange(unread_leftover, false)) co_return co_await take_events(on_message, until);
  const std::span<char> room = decoder.prepare();
  pumping = true;
  const auto count = co_await stream->read_some(room, until);
  pumping = false;
  if (!count) {
    if (count.error().code() != net_error::timed_out) mark_ended();
    co_return std::unexpected(count.error());
  }
  decoder.commit(*count);
  co_return co_await take_events(on_message, until);
}

task<base::result<void>> ws_connection::impl::take_events(const message_handler& on_message, deadline until) {
  while (true) {
    const auto event = decoder.next();
    if (!event) {
      const ws_violation violation = event.error();
      mark_ended();
      (void)co_await send_close(ws_close_payload(violation.close_code, violation.what), until);
      const bool too_large = violation.close_code == ws_close_too_large;
      co_return base::fail(too_large ? net_error::too_large : net_error::protocol_violation,
                           std::string(violation.what));
    }
    if (!*event) co_return base::result<void>();
    if ((*event)->kind == ws_opcode::text || (*event)->kind == ws_opcode::binary) {
      on_message(**event);
    } else if (auto taken = co_await take_control(**event, until); !taken) {
      co_return taken;
    }
  }
}

task<base::result<void>> ws_connection::impl::take_control(ws_event event, deadline until) {
  if (event.kind == ws_opcode::pong) co_return base::result<void>();
  if (event.kind == ws_opcode::ping) {
    if (close_sent) co_return base::result<void>();
    co_return co_await send(ws_opcode::pong, event.payload, until);
  }
  end = {event.close_code, std::string(event.payload)};
  mark_ended();
  std::string answer = event.close_code == 0 ? std::string() : ws_close_payload(event.close_code, {});
  (void)co_await send_close(std::move(answer), until);
  co_return base::fail(net_error::closed);
}

void ws_connection::impl::encode(ws_opcode opcode, std::string_view payload) {
  const std::size_t before = pending.size();
  const auto mask = role == ws_role::client ? std::optional(masks.next()) : std::nullopt;
  ws_encode(pending, opcode, payload, mask);
  queued += pending.size() - before;
}

task<base::result<void>> ws_connection::impl::send(ws_opcode opcode, std::string_view payload,
                                                   deadline until) {
  const auto self = shared_from_this();
  if (write_failure) co_return std::unexpected(*write_failure);
  if (close_sent) co_return base::fail(net_error::closed);
  if (pending.size() + payload.size() > longest_queue)
    co_return base::fail(net_error::too_large, "send queue");
  encode(opcode, payload);
  co_return co_await flush(queued, until);
}

task<base::result<void>> ws_connection::impl::send_encoded(std::string_view frames, deadline until) {
  const auto self = shared_from_this();
  if (write_failure) co_return std::unexpected(*write_failure);
  if (close_sent) co_return base::fail(net_error::closed);
  queued += frames.size();
  if (writing || !pending.empty()) {
    if (pending.size() + frames.size() > longest_queue) {
      queued -= frames.size();
      co_return base::fail(net_error::too_large, "send queue");
    }
    pending += frames;
    co_return co_await flush(queued, until);
  }
  // Nobody else writes: straight from the caller's memory.
  writing = true;
  const auto done = co_await stream->write_all(frames, until);
  writing = false;
  written += frames.size();
  if (!done) {
    fail_writes(done.error());
    co_return done;
  }
  if (!pending.empty() && waiting_senders == 0) co_return co_await flush(queued, until);
  if (waiting_senders > 0) written_event_->notify();
  co_return base::result<void>();
}

// Returns when the bytes before position `upto` are written. One sender at a time writes everything that is
// pending; when its own part is out it leaves the rest to a sender that waits.
task<base::result<void>> ws_connection::impl::flush(std::uint64_t upto, deadline until) {
  while (written < upto && !write_failure) {
    if (writing) {
      async_event& changed = written_event(co_await asio::this_coro::executor);
      ++waiting_senders;
      const bool woken = co_await changed.wait(until);
      --waiting_senders;
      if (!woken) co_return base::fail(co_await is_cancelled() ? net_error::cancelled : net_error::timed_out);
      continue;
    }
    writing = true;
    in_flight.clear();
    std::swap(in_flight, pending);
    const auto done = co_await stream->write_all(in_flight, until);
    writing = false;
    written += in_flight.size();
    if (in_flight.capacity() > kept_queue_capacity) in_flight = std::string();
    if (!done) fail_writes(done.error());
    if (waiting_senders > 0) written_event_->notify();
  }
  if (write_failure) co_return std::unexpected(*write_failure);
  co_return base::result<void>();
}

// A write that failed may have left half a frame behind: nothing can follow it.
void ws_connection::impl::fail_writes(const base::error& error) {
  write_failure = error;
  pending = std::string();
  stream->cancel();
  if (waiting_senders > 0) written_event_->notify();
}

task<base::result<void>> ws_connection::impl::send_close(std::string payload, deadline until) {
  const auto self = shared_from_this();
  if (close_sent || write_failure) co_return base::result<void>();
  encode(ws_opcode::close, payload);
  close_sent = true;
  co_return co_await flush(queued, until);
}

task<> ws_connection::impl::close(std::string payload, deadline until) {
  const auto self = shared_from_this();
  const auto sent = co_await send_close(std::move(payload), until);
  const message_handler ignore = [](const ws_event&) {};
  while (sent && !ended && !write_failure) {
    if (pumping) {
      if (!co_await ended_event(co_await asio::this_coro::executor).wait(until)) break;
    } else if (const auto pumped = co_await pump(ignore, until); !pumped) {
      break;
    }
  }
  mark_ended();
  // Two readers at once are not allowed: with a pump still under way the stream is broken instead.
  if (pumping || !sent) {
    stream->cancel();
  } else {
    co_await stream->shut_down(until);
  }
}

ws_connection::ws_connection(std::unique_ptr<byte_stream> stream, ws_role role, ws_limits limits,
                             std::string_view leftover)
    : impl_(std::make_shared<impl>(std::move(stream), role, limits, leftover)) {}

ws_connection::~ws_connection() {
  impl_->stream->cancel();
}

task<base::result<void>> ws_connection::pump(const std::function<void(const ws_event&)>& on_message,
                                             deadline until) {
  return impl_->pump(on_message, until);
}

task<base::result<void>> ws_connection::send(ws_opcode opcode, std::string_view payload, deadline until) {
  return impl_->send(opcode, payload, until);
}

task<base::result<void>> ws_connection::send_encoded(std::string_view frames, deadline until) {
  return impl_->send_encoded(frames, until);
}

task<> ws_connection::close(std::uint16_t code, std::string_view reason, deadline until) {
  return impl_->close(ws_close_payload(code, reason), until);
}

void ws_connection::abort() noexcept {
  impl_->stream->cancel();
}

const ws_end& ws_connection::end() const {
  return impl_->end;
}

}  // namespace guildfleet::net
