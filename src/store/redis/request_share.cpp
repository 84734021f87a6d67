#include "store/redis/request_share.hpp"

#include <algorithm>

#include "store/redis/redis_error.hpp"

namespace guildfleet::store {
namespace {

// A list of "time in microseconds:granted", oldest first; Redis' own clock, so that the nodes' need not
// agree.
constexpr const char* reserve_script = R"lua(
local now = redis.call('TIME')
now = tonumber(now[1]) * 1000000 + tonumber(now[2])
local limit, window, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local used, oldest = 0, now
local entries = redis.call('LRANGE', KEYS[1], 0, -1)
for i, entry in ipairs(entries) do
  local at, count = string.match(entry, '(%d+):(%d+)')
  at, count = tonumber(at), tonumber(count)
  if at + window <= now or at > now then
    redis.call('LPOP', KEYS[1])
  else
    if used == 0 then oldest = at end
    used = used + count
  end
end
local granted = math.min(wanted, limit - used)
if granted > 0 then
  redis.call('RPUSH', KEYS[1], string.format('%.0f:%d', now, granted))
  redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000) + 1000)
else
  granted = 0
end
return {granted, math.max(0, oldest + window - now)})lua";

}  // namespace

net::task<base::result<request_grant>> request_share::reserve(bot_name bot, std::uint32_t wanted) {
  const auto window = std::chrono::duration_cast<std::chrono::microseconds>(settings_.window).count();
  std::vector<std::string> command{"EVAL", reserve_script, "1"};
  command.push_back(fmt::format("{}:requests:{}", settings_.prefix, bot.value));
  command.push_back(std::to_string(settings_.limit));
  command.push_back(std::to_string(window));
  command.push_back(std::to_string(wanted));
  auto reply = co_await link_.call(std::move(command), net::deadline_in(settings_.patience));
  if (!reply) co_return std::unexpected(std::move(reply).error());
  if (reply->is != redis_reply::kind::list || reply->items.size() != 2)
    co_return base::fail(redis_error::bad_answer, "reservation of requests");
  request_grant grant;
  grant.granted = static_cast<std::uint32_t>(std::clamp<std::int64_t>(reply->items[0].number, 0, wanted));
  if (grant.granted < wanted)
    grant.wait = std::chrono::milliseconds(std::max<std::int64_t>(1, reply->items[1].number / 1'000));
  co_return grant;
}

std::uint32_t share_without_redis(std::uint32_t limit, std::uint32_t held_shards, std::uint32_t all_shards) {
  if (all_shards == 0) return limit;
  const std::uint64_t part =
      static_cast<std::uint64_t>(limit) * std::min(held_shards, all_shards) / all_shards;
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(1, part));
}

}  // namespace guildfleet::store
