#include "net/http_client.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <utility>

#include "net/async_event.hpp"
#include "net/cancellation.hpp"
#include "net/connection_slots.hpp"
#include "net/http_wire.hpp"

namespace guildfleet::net {
namespace {

using outcome = std::expected<http_response, http_failure>;

struct idle_connection {
  std::unique_ptr<byte_stream> stream;
  base::steady_time since;
};

// How one try on one connection ended.
struct attempt {
  outcome response;
  bool reusable = false;
  bool dead_before_answer = false;  // the peer ended the connection without a byte of an answer
};

struct expected_answer {
  http_response_reader::scope scope = http_response_reader::scope::whole;
  std::size_t max_bytes = 0;
};

attempt failed_attempt(base::error error, request_fate fate, bool answered) {
  const bool dead = !answered && (error.code() == net_error::closed || error.code() == net_error::reset);
  return {.response = std::unexpected(http_failure{std::move(error), fate}), .dead_before_answer = dead};
}

bool repeatable(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

// A server cannot have acted on a request whose end never left this process.
task<attempt> exchange(byte_stream& stream, const std::string& request, expected_answer expected,
                       deadline until) {
  auto written = co_await stream.write_all(request, until);
  if (!written) co_return failed_attempt(std::move(written.error()), request_fate::not_sent, false);
  http_response_reader reader(expected.scope, expected.max_bytes);
  std::string buffer;
  std::array<char, 16U << 10U> chunk;
  bool answered = false;
  while (true) {
    auto count = co_await stream.read_some(chunk, until);
    if (!count && count.error().code() == net_error::closed && reader.finish_at_end()) {
      co_return attempt{.response = reader.take()};
    }
    if (!count) co_return failed_attempt(std::move(count.error()), request_fate::maybe_processed, answered);
    answered = true;
    buffer.append(chunk.data(), *count);
    const auto whole = reader.consume(buffer);
    if (!whole) co_return failed_attempt(base::error(whole.error()), request_fate::maybe_processed, answered);
    if (*whole) {
      const bool reusable = reader.keep_alive() && buffer.empty();
      co_return attempt{.response = reader.take(), .reusable = reusable};
    }
  }
}

}  // namespace

struct http_client::impl {
  impl(asio::any_io_executor executor, http_client_settings from)
      : settings(std::move(from)), slots(std::move(executor), settings.max_connections) {}

  [[nodiscard]] std::unique_ptr<byte_stream> take_idle() {
    drop_expired();
    while (!idle.empty()) {
      std::unique_ptr<byte_stream> stream = std::move(idle.back().stream);
      idle.pop_back();
      if (!stream->unfit_for_reuse()) return stream;
    }
    return nullptr;
  }

  void give_back(std::unique_ptr<byte_stream> stream) {
    drop_expired();
    if (!closed) idle.push_back({std::move(stream), std::chrono::steady_clock::now()});
  }

  void drop_expired() {
    const auto oldest = std::chrono::steady_clock::now() - settings.idle_limit;
    while (!idle.empty() && idle.front().since < oldest) idle.pop_front();
  }

  void close() {
    closed = true;
    idle.clear();
    for (byte_stream* stream : busy) stream->cancel();
  }

  http_client_settings settings;
  connection_slots slots;
  std::deque<idle_connection> idle;  // the back was used last and is used next, so that the front grows old
  std::set<byte_stream*> busy;
  bool closed = false;
};

namespace {

// A stream in use, known to close().
template <class Impl>
class busy_stream final {
 public:
  busy_stream(std::shared_ptr<Impl> client, std::unique_ptr<byte_stream> stream)
      : client_(std::move(client)), stream_(std::move(stream)) {
    client_->busy.insert(stream_.get());
  }
  ~busy_stream() { client_->busy.erase(stream_.get()); }
  busy_stream(const busy_stream&) = delete;
  busy_stream& operator=(const busy_stream&) = delete;

  [[nodiscard]] byte_stream& stream() { return *stream_; }
  void give_back() {
    client_->busy.erase(stream_.get());
    client_->give_back(std::move(stream_));
  }

 private:
  std::shared_ptr<Impl> client_;
  std::unique_ptr<byte_stream> stream_;
};

template <class Impl>
task<attempt> try_on(std::shared_ptr<Impl> client, std::unique_ptr<byte_stream> stream,
                     const std::string& text, expected_answer expected, deadline until) {
  busy_stream<Impl> in_use(client, std::move(stream));
  attempt done = co_await exchange(in_use.stream(), text, expected, until);
  if (done.reusable) in_use.give_back();
  co_return done;
}

std::unexpected<http_failure> not_sent(base::error error) {
  return std::unexpected(http_failure{std::move(error), request_fate::not_sent});
}

template <class Impl>
task<outcome> run_request(std::shared_ptr<Impl> client, http_request request, deadline until) {
  const url& origin = client->settings.origin;
  if (!can_be_sent(request)) co_return not_sent(base::error(net_error::bad_url, request.method + " request"));
  const auto slot = co_await client->slots.acquire(until);
  if (!slot || client->closed) {
    const bool stopped = client->closed || co_await is_cancelled();
    co_return not_sent(base::error(stopped ? net_error::cancelled : net_error::timed_out, origin.host));
  }
  const std::string text = serialize_request(request, origin.authority(), "keep-alive");
  const auto scope = request.method == "HEAD" ? http_response_reader::scope::without_body
                                              : http_response_reader::scope::whole;
  const expected_answer expected{scope, client->settings.max_response_bytes};
  if (auto pooled = client->take_idle()) {
    attempt first = co_await try_on(client, std::move(pooled), text, expected, until);
    if (!first.dead_before_answer || !repeatable(request.method)) co_return std::move(first.response);
  }
  auto fresh =
      co_await connect({origin.host, origin.port}, origin.secure() ? client->settings.tls : nullptr, until);
  if (!fresh) co_return not_sent(std::move(fresh.error()));
  if (client->closed) co_return not_sent(base::error(net_error::cancelled, origin.host));
  attempt second = co_await try_on(client, std::move(*fresh), text, expected, until);
  co_return std::move(second.response);
}

}  // namespace

http_client::http_client(asio::any_io_executor executor, http_client_settings settings)
    : impl_(std::make_shared<impl>(std::move(executor), std::move(settings))) {}

http_client::~http_client() {
  impl_->close();
}

task<std::expected<http_response, http_failure>> http_client::send(http_request request, deadline until) {
  return run_request(impl_, std::move(request), until);
}

std::size_t http_client::open_connections() const {
  return impl_->idle.size() + impl_->busy.size();
}

void http_client::close() {
  impl_->close();
}

}  // namespace guildfleet::net
