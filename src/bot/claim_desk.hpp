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
  // No other bot of this process has this store. While no other process has it open either, all claims are
  // this bot's, and it is not asked.
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
  std::function<void()> on_adopted;               // timers of another bot are this bot's now
  std::function<void()> on_answer;                // who owns what may have changed
  base::logger log;
};

// One per shard, on its reactor.
class claim_desk final {
 public:
  // `features`: the exclusive ones of the bot, at most 64; none: there is nothing to claim.
  claim_desk(net::asio::any_io_executor executor, claim_settings settings, std::vector<std::string> features,
             claim_parts parts);
  ~claim_desk() { held_.add(-shown_); }
  claim_desk(const claim_desk&) = delete;
  claim_desk& operator=(const claim_desk&) = delete;

  // Renews and looks until cancelled.
  net::task<> run();

  [[nodiscard]] bool may_ask() const { return !features_.empty(); }
  // Guilds have come: asked about soon.
  void look() { wanted_.notify(); }
  // Whether the store was asked about this guild, or need not be. It is asked by a bot that is alone as well:
  // who may come later must find what is taken.
  [[nodiscard]] bool knows(discord::guild_id guild) const { return !may_ask() || book_.knows(guild); }
  // Asks about it; returns after two seconds at the latest.
  [[nodiscard]] net::task<> bring(discord::guild_id guild);
  // The bot acts for the feature that has this number among the exclusive ones.
  [[nodiscard]] bool owns(discord::guild_id guild, std::size_t feature) const {
    return !asks() || ((book_.owned(guild, parts_.clock.steady_now()) >> feature) & 1U) != 0;
  }
  // The bot has left: its claims there are free.
  [[nodiscard]] net::task<> leave(discord::guild_id guild);

 private:
  [[nodiscard]] bool asks() const { return may_ask() && !alone_; }
  net::task<bool> ask_all();
  net::task<> ask_new();
  net::task<bool> ask_of(std::vector<discord::guild_id> all);
  net::task<bool> ask(std::vector<discord::guild_id> guilds);
  // Takes over the timers of those who acted before.
  net::task<> adopt(std::vector<discord::guild_id> guilds);
  void note_failure(std::string_view what, const base::error& error);

  net::asio::any_io_executor executor_;
  claim_settings settings_;
  std::vector<std::string> features_;
  claim_parts parts_;
  base::random_source random_;
  fleet::claim_book book_;
  base::counter failures_;
  base::gauge held_;
  double shown_ = 0;  // of held_, by this shard
  net::async_event wanted_;
  bool failing_ = false;
  bool alone_;
};

}  // namespace guildfleet::bot
