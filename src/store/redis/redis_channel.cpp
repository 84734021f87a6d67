#include "store/redis/redis_channel.hpp"

#include <array>

#include "store/redis/redis_error.hpp"

namespace guildfleet::store {
namespace {

// Old servers repeat the arguments of a command they do not know, so only the error's first word is told.
net::task<base::result<void>> greet(redis_channel_ptr channel, std::vector<std::string> command,
                                    std::string place, net::deadline until) {
  if (auto sent = co_await channel->write(encode_redis_command(command), until); !sent) co_return sent;
  auto reply = co_await channel->read(until);
  if (!reply) co_return std::unexpected(std::move(reply).error());
  if (reply->is != redis_reply::kind::error) co_return base::result<void>();
  co_return base::fail(redis_error::refused,
                       fmt::format("{}: {} to {}", place, reply->error_code(), command.front()),
                       "Check user, password and database number in REDIS_URL.");
}

}  // namespace

net::task<base::result<void>> redis_channel::write(std::string bytes, net::deadline until) {
  co_return co_await stream_->write_all(bytes, until);
}

net::task<base::result<redis_reply>> redis_channel::read(net::deadline until) {
  std::array<char, 16U << 10U> chunk;
  while (true) {
    auto whole = replies_.next();
    if (!whole) co_return std::unexpected(std::move(whole).error());
    if (*whole) co_return *std::move(*whole);
    auto count = co_await stream_->read_some(chunk, until);
    if (!count) co_return std::unexpected(std::move(count).error());
    if (auto fed = replies_.feed({chunk.data(), *count}); !fed)
      co_return std::unexpected(std::move(fed).error());
  }
}

net::task<base::result<redis_channel_ptr>> open_redis_channel(redis_url url, net::tls_context tls,
                                                              net::deadline until) {
  auto stream = co_await net::connect({url.host, url.port}, url.tls ? std::move(tls) : nullptr, until);
  if (!stream) co_return std::unexpected(std::move(stream).error().within(url.place()));
  auto channel = std::make_shared<redis_channel>(std::move(*stream));
  std::vector<std::vector<std::string>> greetings;
  if (!url.password.empty()) {
    std::vector<std::string> login{"AUTH"};
    if (!url.user.empty()) login.push_back(url.user);
    login.emplace_back(url.password.reveal());
    greetings.push_back(std::move(login));
  }
  greetings.push_back({"SELECT", std::to_string(url.database)});
  for (std::vector<std::string>& each : greetings) {
    auto accepted = co_await greet(channel, std::move(each), url.place(), until);
    if (!accepted) co_return std::unexpected(std::move(accepted).error());
  }
  co_return channel;
}

}  // namespace guildfleet::store
