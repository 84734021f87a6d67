// Sees to it that features know what they keep of a guild before anything of the guild reaches them, and that
// they forget it when somebody else acts there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "discord/model/guild_state.hpp"
#include "features/feature.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "store/data_store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

// All of it outlives the roster.
struct roster_parts {
  store::environment_name environment;
  store::bot_name bot;
  std::shared_ptr<store::record_store> store;
  store::store_executor& store_threads;
  const discord::guild_state& guilds;
  const base::clock& clock;
  base::metrics& metrics;
  // Whether the feature, by its place among the bot's, acts in this guild, here.
  std::function<bool(discord::guild_id, std::size_t place)> acts;
  std::function<bool()> is_live;  // the guilds' states are those of now
  base::logger log;
};

// One per shard, on its reactor.
class guild_roster final {
 public:
  guild_roster(net::asio::any_io_executor executor, roster_parts parts);

  // A feature that keeps guilds; at most 64, before anything else.
  void add(std::size_t place, std::string name, features::feature& instance);
  [[nodiscard]] bool keeps_any() const { return !members_.empty(); }

  // Nothing is to be told to a feature before this guild's events; or it cannot be just now.
  [[nodiscard]] bool knows(discord::guild_id guild) const;
  // Tells it; returns after two seconds at the latest when the store is silent.
  [[nodiscard]] net::task<> bring(discord::guild_id guild);
  // Tells it anew at once if its settings have changed, also within two seconds at the latest.
  [[nodiscard]] net::task<> renew(discord::guild_id guild);
  // The feature keeps guilds, and has not been told of this one.
  [[nodiscard]] bool misses(discord::guild_id guild, std::size_t place) const;

  // Tells features of guilds that nothing is asked about, soon after each look(), until cancelled.
  net::task<> run();
  void look() { wanted_.notify(); }
  // Its settings may have changed: told anew.
  void note_settings(discord::guild_id guild, std::string_view feature);
  void note_all_settings();
  // Somebody else may act there from now on.
  void forget(discord::guild_id guild);
  void forget_all();

 private:
  using feature_bits = std::uint64_t;
  struct member {
    std::size_t place = 0;
    std::string name{};
    features::feature* instance = nullptr;
  };
  struct guild_entry {
    feature_bits told = 0;
    feature_bits stale = 0;  // of those: to be told anew
    bool loading = false;
    bool lost = false;  // while it was loading
  };
  using guild_list = std::vector<discord::guild_id>;

  [[nodiscard]] feature_bits wanted(discord::guild_id guild) const;
  [[nodiscard]] const guild_entry* find(discord::guild_id guild) const;
  [[nodiscard]] bool is_failing() const;
  [[nodiscard]] net::task<bool> tell(guild_list guilds);
  [[nodiscard]] net::task<feature_bits> tell_members(const guild_list& guilds,
                                                     const std::vector<store::feature_of_guild>& in_use);
  [[nodiscard]] net::task<bool> tell_member(const member& who, guild_list guilds);
  [[nodiscard]] guild_list take_away_and_collect();
  void take_away(discord::guild_id guild, feature_bits which);
  void note_failure(const std::string& why);

  roster_parts parts_;
  std::vector<member> members_;
  std::vector<std::string> names_;
  std::unordered_map<discord::guild_id, guild_entry> entries_;
  net::async_event wanted_;
  net::async_event loaded_;
  base::steady_time again_at_{};  // until then the store is not asked again
  bool failing_ = false;
  base::counter failures_;
};

}  // namespace guildfleet::bot
