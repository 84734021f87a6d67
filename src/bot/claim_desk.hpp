// Asks the store for which features this bot acts in the guilds of a shard, and keeps asking.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "bot/event_router.hpp"
#include "discord/model/guild_state.hpp"
#include "fleet/claim_book.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "store/data_store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

struct claim_settings {
  store::environment_name environment;
  store::bot_name bot;
  std::int32_t priority = 0;  // higher wins
  fleet::claim_timing timing;
  // Nobody else has this store: all claims are this bot's, and it is never asked.
  bool alone = true;
  bool keep_when_silent = false;
};

// All of it outlives the desk.
struct claim_parts {
  const base::clock& clock;
  base::metrics& metrics;
  std::shared_ptr<store::claim_store> store;
  store::store_executor& store_threads;
  const discord::guild_state& guilds;
  std::function<bool(discord::guild_id)> serves;  // others are not claimed
  base::logger log;
};

// One per shard, on its reactor.
class claim_desk final {
 public:
  // `features`: the exclusive ones of the bot, at most 64; none: as alone.
  claim_desk(net::asio::any_io_executor executor, claim_settings settings, std::vector<std::string> features,
             claim_parts parts);

  // Renews and looks until cancelled.
  net::task<> run();

  [[nodiscard]] bool asks() const { return !settings_.alone && !features_.empty(); }
  // Whether the store was asked about this guild.
  [[nodiscard]] bool knows(discord::guild_id guild) const { return !asks() || book_.knows(guild); }
  // Asks about it; returns after two seconds at the latest.
  [[nodiscard]] net::task<> bring(discord::guild_id guild);
  // The bot acts for the feature that has this number among the exclusive ones.
  [[nodiscard]] bool owns(discord::guild_id guild, std::size_t feature) const {
    return !asks() || ((book_.owned(guild, parts_.clock.steady_now()) >> feature) & 1U) != 0;
  }
  // The bot has left: its claims there are free.
  [[nodiscard]] net::task<> leave(discord::guild_id guild);

 private:
  net::task<> ask_all();
  net::task<bool> ask(std::vector<discord::guild_id> guilds);

  net::asio::any_io_executor executor_;
  claim_settings settings_;
  std::vector<std::string> features_;
  claim_parts parts_;
  base::random_source random_;
  fleet::claim_book book_;
  base::counter failures_;
  base::gauge held_;
  double shown_ = 0;  // of held_, by this shard
  bool failing_ = false;
};

}  // namespace guildfleet::bot
