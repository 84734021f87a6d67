// What a bot does before its shards run: it asks Discord, the store, and the other nodes.
#include "bot/bot_runtime.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds other_count_again{2};

// With which other number of shards somebody runs the bot just now.
std::optional<std::uint32_t> other_count(const store::fleet_picture& seen, const store::bot_name& bot,
                                         std::uint32_t wanted) {
  for (const store::lease_row& lease : seen.leases) {
    if (lease.key.bot == bot && lease.is_owned() && lease.key.shard.count != wanted)
      return lease.key.shard.count;
  }
  return std::nullopt;
}

}  // namespace

net::task<base::result<gateway_info>> bot_runtime::ask_gateway() {
  const base::steady_time asked_at = parts_.clock.steady_now();
  auto answer = co_await rest_.request(discord::make_request(discord::routes::get_gateway_bot), nullptr);
  if (!answer) co_return std::unexpected(explain_gateway_failure(answer.error()));
  auto info = read_gateway_info(answer->body);
  if (info) info->asked_at = asked_at;
  co_return info;
}

net::task<base::result<fleet::session_start_limit>> bot_runtime::ask_limit() {
  auto info = co_await ask_gateway();
  if (!info) co_return std::unexpected(std::move(info).error());
  co_return info->limit;
}

net::task<std::optional<gateway_info>> bot_runtime::reach_discord() {
  base::backoff pauses;
  while (!stopping_) {
    auto info = co_await ask_gateway();
    if (info) {
      set_problem({}, {});
      co_return *info;
    }
    if (stopping_) break;
    set_problem({}, info.error().message());
    const auto pause = pauses.next(random_);
    log_.warn("Discord cannot be reached; trying again", base::field("reason", info.error().message()),
              base::field("again_in_ms", pause.count()));
    (void)co_await stop_wanted_.wait(net::deadline_in(pause));
  }
  co_return std::nullopt;
}

net::task<bool> bot_runtime::open_identifies(gateway_info info) {
  while (!stopping_) {
    const auto opened = co_await identifies_.open(info.limit, info.asked_at);
    if (opened) {
      set_problem({}, {});
      co_return true;
    }
    set_problem({}, opened.error().message());
    log_.error("identify log could not be read; nothing is identified before it can",
               base::field("reason", opened.error().message()));
    (void)co_await stop_wanted_.wait(net::deadline_in(std::chrono::seconds(5)));
  }
  co_return false;
}

// Two counts at once would serve every guild twice: their shards have nothing in common that a lease could
// guard. Who chooses freely does as the others do; who must not waits until they have ended.
net::task<std::optional<std::uint32_t>> bot_runtime::agree_on_shards(std::uint32_t recommended) {
  const std::uint32_t wanted = settings_.shards.value_or(recommended);
  while (!stopping_) {
    const auto seen = co_await parts_.stores.session_thread.run(
        [store = parts_.stores.sessions] { return store->survey(); });
    const auto other = seen ? other_count(*seen, settings_.name, wanted) : std::nullopt;
    if (seen && !other) {
      set_problem({}, {});
      co_return wanted;
    }
    if (seen && !settings_.shards) {
      log_.info("other nodes run this bot with another number of shards; it is taken over",
                base::field("shards", *other), base::field("recommended", recommended));
      set_problem({}, {});
      co_return *other;
    }
    const std::string why =
        seen
            ? fmt::format("other nodes run this bot with {} shards, this one is to have {}: stop those first",
                          *other, wanted)
            : seen.error().message();
    if (*problem_.get() != why) log_.warn("bot waits", base::field("reason", why));
    set_problem({}, why);
    (void)co_await stop_wanted_.wait(net::deadline_in(other_count_again));
  }
  co_return std::nullopt;
}

}  // namespace guildfleet::bot
