#include "store/redis/redis_changes.hpp"

#include <charconv>

#include "base/random.hpp"
#include "net/async_event.hpp"

namespace guildfleet::store {
namespace {

// A connection on which nothing was heard for this long is asked for a sign of life, and given up when none
// comes.
constexpr std::chrono::milliseconds quiet_limit{10'000};
constexpr std::chrono::milliseconds answer_limit{3'000};

std::string channel_name(const std::string& prefix) {
  return prefix + ":settings-changes";
}

std::string text_of(const changed_settings& change) {
  return fmt::format("{} {} {} {}", change.key.environment.value, change.key.guild, change.key.feature,
                     change.version);
}

std::string_view next_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  return word;
}

bool read_number(std::string_view text, std::uint64_t& into) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into);
  return failed == std::errc() && end == text.data() + text.size();
}

std::optional<changed_settings> change_of(std::string_view text) {
  changed_settings change;
  change.key.environment.value = next_word(text);
  const bool has_guild = read_number(next_word(text), change.key.guild.value);
  change.key.feature = next_word(text);
  const bool has_version = read_number(next_word(text), change.version);
  if (!has_guild || !has_version || change.key.feature.empty() || !text.empty()) return std::nullopt;
  return change;
}

}  // namespace

net::task<> publish_change(redis_link& link, std::string prefix, changed_settings change) {
  if (!link.connected()) co_return;
  (void)co_await link.call({"PUBLISH", channel_name(prefix), text_of(change)},
                           net::deadline_in(answer_limit));
}

struct redis_change_listener::impl {
  impl(const net::asio::any_io_executor& executor, redis_settings from, std::string name,
       change_listener_events to, base::logger logger)
      : settings(std::move(from)),
        prefix(std::move(name)),
        events(std::move(to)),
        log(std::move(logger)),
        random(base::random_source::from_system()),
        retry(settings.retry),
        pause(executor) {}

  // ["message", channel, text]; answers to SUBSCRIBE and PING are signs of life only.
  void take(const redis_reply& reply) {
    if (reply.is != redis_reply::kind::list || reply.items.size() != 3 || reply.items[0].text != "message")
      return;
    if (const auto change = change_of(reply.items[2].text)) events.on_change(*change);
  }

  redis_settings settings;
  std::string prefix;
  change_listener_events events;
  base::logger log;
  base::random_source random;
  base::backoff retry;
  net::async_event pause;
  redis_channel_ptr channel;
  bool closed = false;
};

namespace {

template <class Impl>
net::task<> listen(std::shared_ptr<Impl> self, redis_channel_ptr channel) {
  const std::vector<std::string> subscribe{"SUBSCRIBE", channel_name(self->prefix)};
  const std::vector<std::string> ping{"PING"};
  if (!co_await channel->write(encode_redis_command(subscribe), net::deadline_in(answer_limit))) co_return;
  const auto joined = co_await channel->read(net::deadline_in(answer_limit));
  if (!joined || joined->is != redis_reply::kind::list) co_return;
  self->retry.reset();
  self->events.on_gap();
  bool asked = false;
  while (!self->closed) {
    const auto reply = co_await channel->read(net::deadline_in(asked ? answer_limit : quiet_limit));
    if (reply) {
      asked = false;
      self->take(*reply);
      continue;
    }
    if (reply.error().code() != net::net_error::timed_out || asked) co_return;
    asked = true;
    if (!co_await channel->write(encode_redis_command(ping), net::deadline_in(answer_limit))) co_return;
  }
}

template <class Impl>
net::task<> keep_listening(std::shared_ptr<Impl> self) {
  while (!self->closed) {
    auto opened = co_await open_redis_channel(self->settings.url, self->settings.tls,
                                              net::deadline_in(self->settings.connect_limit));
    if (opened && !self->closed) {
      self->channel = *opened;
      co_await listen(self, *opened);
      self->channel = nullptr;
    } else if (!opened) {
      self->log.debug("cannot listen for changes on Redis", base::field("why", opened.error().message()));
    }
    if (self->closed) break;
    const auto rest = self->retry.next(self->random);
    (void)co_await self->pause.wait(net::deadline_in(rest));
  }
}

}  // namespace

redis_change_listener::redis_change_listener(net::asio::any_io_executor executor, redis_settings settings,
                                             std::string prefix, change_listener_events events,
                                             base::logger log)
    : impl_(std::make_shared<impl>(executor, std::move(settings), std::move(prefix), std::move(events),
                                   std::move(log))),
      tasks_(executor) {
  tasks_.spawn("redis listener", keep_listening(impl_));
}

redis_change_listener::~redis_change_listener() {
  close();
}

void redis_change_listener::close() {
  impl_->closed = true;
  if (impl_->channel) impl_->channel->cancel();
  impl_->pause.notify();
  tasks_.close();
  tasks_.cancel();
}

}  // namespace guildfleet::store
