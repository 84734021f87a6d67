#include "store/redis/redis_link.hpp"

#include <deque>
#include <optional>

#include "base/random.hpp"
#include "net/async_event.hpp"
#include "store/redis/redis_error.hpp"

namespace guildfleet::store {
namespace {

constexpr std::chrono::milliseconds write_limit{2'000};

// A call that waits for its answer; the caller may be gone when it comes.
struct pending_call {
  explicit pending_call(const net::asio::any_io_executor& executor) : answered(executor) {}
  net::async_event answered;
  std::optional<base::result<redis_reply>> answer;
};

}  // namespace

struct redis_link::impl {
  impl(net::asio::any_io_executor on, redis_settings from, base::metrics& metrics, base::logger to)
      : executor(on),
        settings(std::move(from)),
        log(std::move(to)),
        random(base::random_source::from_system()),
        retry(settings.retry),
        wake_writer(on),
        settled(on),
        pause(on),
        up(metrics.gauge_of("guildfleet_redis_up", "1 while this node has a connection to Redis")),
        calls(metrics.counter_of("guildfleet_redis_calls_total", "Calls to Redis")),
        failures(metrics.counter_of("guildfleet_redis_failures_total", "Calls to Redis that got no answer")) {
    up.set(0);
  }

  [[nodiscard]] base::error away_error() const {
    return base::error(redis_error::away, settings.url.place(), "It is tried again in the background.");
  }

  void break_connection() {
    if (channel) channel->cancel();
  }

  void fail_waiting() {
    outgoing.clear();
    auto lost = std::exchange(waiting, {});
    for (const auto& call : lost) {
      call->answer = std::unexpected(away_error());
      call->answered.notify();
    }
  }

  void take(redis_reply reply) {
    ++replies;
    if (waiting.empty()) return;
    const auto call = std::move(waiting.front());
    waiting.pop_front();
    call->answer = std::move(reply);
    call->answered.notify();
  }

  void note_up(redis_channel_ptr opened) {
    channel = std::move(opened);
    retry.reset();
    up.set(1);
    if (said_away) log.info("Redis is back", base::field("redis", settings.url.place()));
    said_away = false;
    first_try_over = true;
    settled.notify();
  }

  void note_down(const base::error& why) {
    channel = nullptr;
    up.set(0);
    fail_waiting();
    first_try_over = true;
    settled.notify();
    if (said_away || closed) return;
    said_away = true;
    log.warn("Redis is away; everything goes on without it", base::field("redis", settings.url.place()),
             base::field("why", why.message()));
  }

  net::asio::any_io_executor executor;
  redis_settings settings;
  base::logger log;
  base::random_source random;
  base::backoff retry;
  net::async_event wake_writer;
  net::async_event settled;  // the first try to connect has ended
  net::async_event pause;
  base::gauge up;
  base::counter calls;
  base::counter failures;

  redis_channel_ptr channel;  // null: not connected
  std::string outgoing;
  std::deque<std::shared_ptr<pending_call>> waiting;  // in the order of their commands
  std::uint64_t replies = 0;
  bool first_try_over = false;
  bool said_away = false;
  bool closed = false;
};

namespace {

template <class Impl>
net::task<> write_outgoing(std::shared_ptr<Impl> link, redis_channel_ptr channel) {
  while (link->channel == channel) {
    if (link->outgoing.empty()) {
      if (!co_await link->wake_writer.wait(net::no_deadline())) break;
      continue;
    }
    const auto written =
        co_await channel->write(std::exchange(link->outgoing, {}), net::deadline_in(write_limit));
    if (!written) break;
  }
  channel->cancel();
}

template <class Impl>
net::task<base::error> read_replies(std::shared_ptr<Impl> link, redis_channel_ptr channel) {
  while (true) {
    auto reply = co_await channel->read(net::no_deadline());
    if (!reply) co_return std::move(reply).error();
    link->take(std::move(*reply));
  }
}

template <class Impl>
net::task<> keep_connected(std::shared_ptr<Impl> link) {
  while (!link->closed) {
    auto opened = co_await open_redis_channel(link->settings.url, link->settings.tls,
                                              net::deadline_in(link->settings.connect_limit));
    if (opened && !link->closed) {
      link->note_up(*opened);
      net::task_group writers(link->executor);
      writers.spawn("redis writer", write_outgoing(link, *opened));
      const base::error why = co_await read_replies(link, *opened);
      link->note_down(why);
      link->wake_writer.notify();
      writers.close();
      writers.cancel();
      co_await writers.join();
    } else if (!opened) {
      link->note_down(opened.error());
    }
    if (link->closed) break;
    const auto rest = link->retry.next(link->random);
    (void)co_await link->pause.wait(net::deadline_in(rest));
  }
}

}  // namespace

redis_link::redis_link(net::asio::any_io_executor executor, redis_settings settings, base::metrics& metrics,
                       base::logger log)
    : impl_(std::make_shared<impl>(executor, std::move(settings), metrics, std::move(log))),
      tasks_(executor) {
  tasks_.spawn("redis", keep_connected(impl_));
}

redis_link::~redis_link() {
  close();
}

void redis_link::close() {
  impl_->closed = true;
  impl_->break_connection();
  impl_->fail_waiting();
  impl_->pause.notify();
  tasks_.close();
  tasks_.cancel();
}

bool redis_link::connected() const {
  return impl_->channel != nullptr;
}

net::task<base::result<redis_reply>> redis_link::call(std::vector<std::string> command, net::deadline until) {
  const std::shared_ptr<impl> link = impl_;
  link->calls.add();
  while (!link->first_try_over && !link->closed) {
    if (!co_await link->settled.wait(until)) break;
  }
  if (!link->channel || link->closed) {
    link->failures.add();
    co_return std::unexpected(link->away_error());
  }
  if (link->waiting.size() >= link->settings.most_waiting) {
    link->failures.add();
    co_return base::fail(redis_error::overloaded, link->settings.url.place());
  }
  const auto mine = std::make_shared<pending_call>(link->executor);
  const auto on = link->channel;
  const std::uint64_t seen = link->replies;
  link->waiting.push_back(mine);
  link->outgoing += encode_redis_command(command);
  link->wake_writer.notify();
  const bool told = co_await mine->answered.wait(until);
  if (!mine->answer) {
    link->failures.add();
    if (!told && link->replies == seen && link->channel == on) link->break_connection();
    co_return base::fail(net::net_error::timed_out, link->settings.url.place());
  }
  if (!*mine->answer) {
    link->failures.add();
    co_return std::move(*mine->answer);
  }
  if ((*mine->answer)->is == redis_reply::kind::error) {
    link->failures.add();
    co_return base::fail(redis_error::command_failed,
                         fmt::format("{}: {} to {}", link->settings.url.place(),
                                     (*mine->answer)->error_code(), command.front()));
  }
  co_return std::move(*mine->answer);
}

}  // namespace guildfleet::store
