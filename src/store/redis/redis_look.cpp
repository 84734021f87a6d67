#include "store/redis/redis_look.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "store/redis/redis_channel.hpp"
#include "store/redis/redis_error.hpp"

namespace guildfleet::store {
namespace {

using std::chrono::microseconds;

constexpr std::size_t pings = 5;

net::task<base::result<redis_reply>> ask(redis_channel_ptr channel, std::vector<std::string> command,
                                         net::deadline until) {
  auto sent = co_await channel->write(encode_redis_command(command), until);
  if (!sent) co_return std::unexpected(std::move(sent).error());
  co_return co_await channel->read(until);
}

microseconds since(base::steady_time begin, const base::clock& clock) {
  return std::chrono::duration_cast<microseconds>(clock.steady_now() - begin);
}

net::task<base::result<microseconds>> measure(redis_channel_ptr channel, std::string place,
                                              net::deadline until, const base::clock& clock) {
  std::array<microseconds, pings> taken{};
  for (microseconds& each : taken) {
    const base::steady_time begin = clock.steady_now();
    const auto reply = co_await ask(channel, {"PING"}, until);
    if (!reply) co_return std::unexpected(reply.error());
    // A user who may do nothing is told so; a server that loads or lost its master says that.
    if (reply->is == redis_reply::kind::error)
      co_return base::fail(redis_error::refused, fmt::format("{}: {} to PING", place, reply->error_code()),
                           "Check user and password in REDIS_URL, and what ACL LIST allows that user.");
    each = since(begin, clock);
  }
  std::ranges::sort(taken);
  co_return taken[pings / 2];
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

}  // namespace

void read_redis_info(std::string_view info, redis_health& out) {
  while (!info.empty()) {
    const std::size_t end = info.find("\r\n");
    const std::string_view line = info.substr(0, end);
    info.remove_prefix(end == std::string_view::npos ? info.size() : end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 1);
    if (key == "redis_version") out.version = value;
    if (key == "redis_mode") out.cluster = value == "cluster";
    if (key == "role") out.role = value;
    if (key == "used_memory") out.used_memory = number_of(value);
    if (key == "maxmemory") out.max_memory = number_of(value);
    if (key == "maxmemory_policy") out.eviction = value;
    if (key == "evicted_keys") out.evicted_keys = number_of(value);
    if (key == "rejected_connections") out.rejected_connections = number_of(value);
    if (key == "connected_clients") out.clients = number_of(value);
    if (key == "maxclients") out.max_clients = number_of(value);
    if (key == "rdb_last_bgsave_status") out.last_save_failed = value != "ok";
  }
}

net::task<base::result<redis_health>> look_at_health_of_redis(redis_url url, net::tls_context tls,
                                                              net::deadline until, const base::clock& clock) {
  redis_health out;
  out.place = url.place();
  const base::steady_time begin = clock.steady_now();
  const auto channel = co_await open_redis_channel(url, std::move(tls), until);
  if (!channel) co_return std::unexpected(channel.error());
  out.connect_time = since(begin, clock);
  const auto latency = co_await measure(*channel, out.place, until, clock);
  if (!latency) co_return std::unexpected(latency.error());
  out.latency = *latency;
  const auto info = co_await ask(*channel, {"INFO"}, until);
  if (!info) co_return std::unexpected(info.error());
  if (info->is == redis_reply::kind::text)
    read_redis_info(info->text, out);
  else
    out.info_refused = std::string(info->error_code());
  co_return out;
}

}  // namespace guildfleet::store
