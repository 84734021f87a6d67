// Brings guilds that the stored state does not have, by REST: RESUME brings no GUILD_CREATE.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "bot/effect_desk.hpp"
#include "bot/event_router.hpp"
#include "bot/guild_answer.hpp"
#include "discord/model/guild_state.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"

namespace guildfleet::bot {

struct fetch_metrics {
  base::counter fetched;
  base::counter failed;
  base::counter dropped;
};
[[nodiscard]] fetch_metrics make_fetch_metrics(base::metrics& metrics, const std::string& bot);

// One per shard, on its reactor; the references outlive it, and `tasks` is joined before it is destroyed.
class guild_fetcher final : public missing_guilds {
 public:
  // `on_fetched`: the state changed outside the way of an event.
  guild_fetcher(net::asio::any_io_executor executor, net::task_group& tasks, discord::guild_state& guilds,
                const effect_surroundings& with, fetch_metrics metrics, std::function<void()> on_fetched)
      : executor_(std::move(executor)),
        tasks_(tasks),
        guilds_(guilds),
        with_(with),
        metrics_(metrics),
        on_fetched_(std::move(on_fetched)) {}

  // False as well for a guild that could not be fetched within the last minute.
  [[nodiscard]] bool misses(discord::guild_id guild) const override;
  // Returns when the guild is there or cannot be had, and at the latest after some seconds.
  [[nodiscard]] net::task<> bring(discord::guild_id guild) override;
  // Begins without waiting.
  void begin(discord::guild_id guild);
  // An event of a guild that is not there: applied once it is, if it is being fetched.
  void keep_event(discord::guild_id guild, discord::event_type type, std::string_view data);

 private:
  struct kept_event {
    discord::event_type type;
    std::string data;
  };
  struct fetch {
    explicit fetch(const net::asio::any_io_executor& executor) : ended(executor) {}
    net::async_event ended;
    bool done = false;
    bool overflowed = false;
    std::deque<kept_event> events;
  };

  net::task<> run(discord::guild_id guild, std::shared_ptr<fetch> under_way);
  [[nodiscard]] net::task<base::result<void>> load(discord::guild_id guild);
  [[nodiscard]] net::task<base::result<std::string>> get(discord::request request);
  [[nodiscard]] net::task<base::result<void>> learn_self();
  base::result<void> apply(discord::event_type type, std::string data);

  net::asio::any_io_executor executor_;
  net::task_group& tasks_;
  discord::guild_state& guilds_;
  const effect_surroundings& with_;
  fetch_metrics metrics_;
  std::function<void()> on_fetched_;
  std::map<discord::guild_id, std::shared_ptr<fetch>> under_way_;
  std::map<discord::guild_id, base::steady_time> not_before_;  // of those that failed
};

}  // namespace guildfleet::bot
