// A bot changes its number of shards: this node's part of it. Runs the new set of shards beside the old one,
// takes guild after guild over, and ends the set that is not wanted any more, as the store's state of the
// operation says.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/published.hpp"
#include "bot/shard.hpp"
#include "fleet/cut_schedule.hpp"
#include "fleet/reshard.hpp"
#include "fleet/reshard_view.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

using shard_list = std::vector<std::shared_ptr<shard>>;

// What is to be done, as the store says it.
struct reshard_order {
  std::uint64_t id = 0;  // of the operation's row
  fleet::reshard of{};
  base::wall_time now{};  // by the store's clock
};

// What the desk asks of its bot; on the bot's home reactor.
struct reshard_ports {
  // The shards of this count that run here; empty: none.
  std::function<shard_list(std::uint32_t count)> members;
  // Makes and runs a set beside the one that acts. `open`: there is no other one any more.
  std::function<void(std::uint32_t count, std::span<const store::guild_cut_row> cuts, bool open)> begin_set;
  // The set that claims jobs and counts for the request rate.
  std::function<void(std::uint32_t count)> act_with;
  // All shards of this count have ended.
  std::function<void(std::uint32_t count)> forget_set;
};

// All of it outlives the desk.
struct reshard_desk_parts {
  store::bot_name bot;
  std::shared_ptr<store::store> store;
  store::store_executor& store_thread;
  const base::clock& clock;
  base::metrics& metrics;
  base::logger log;
};

// Lives on the bot's home reactor.
class reshard_desk final {
 public:
  reshard_desk(net::asio::any_io_executor home, reshard_ports ports, reshard_desk_parts parts);

  // Any thread. The newest counts.
  void take_up(reshard_order order);
  // Any thread. What this node tells of the operation in this state; nullopt: nothing yet.
  [[nodiscard]] std::optional<fleet::reshard_figures> figures(std::uint64_t operation,
                                                              fleet::reshard_state state) const;
  // Which set acts for the guild; nullopt: none just now, as it goes over. Only while there are two.
  [[nodiscard]] std::optional<std::uint32_t> count_for(discord::guild_id guild,
                                                       std::uint32_t otherwise) const;

  // What it follows can still be given up: no guild went over.
  [[nodiscard]] bool may_be_given_up() const;

  // Works until cancelled, or until stop(), and has forgotten everything then: what goes on is in the store.
  // May be run again.
  net::task<> run();
  void stop();

 private:
  struct told {
    fleet::reshard_state state{};
    fleet::reshard_figures figures{};
  };
  using guild_list = std::vector<discord::guild_id>;
  using rows_by_guild = std::map<discord::guild_id, store::guild_cut_row>;

  net::task<> follow(reshard_order order);
  net::task<bool> know(const reshard_order& order);
  void begin_fresh();
  void tend_fresh() const;
  void tell(const reshard_order& order, std::size_t guilds_left);
  net::task<guild_list> guilds_left();
  net::task<std::size_t> take_over(bool guess);
  net::task<> cut(std::shared_ptr<shard> from, guild_list guilds, bool guess);
  net::task<std::vector<cut_answer>> ask_fresh(const std::vector<guild_offer>& offers, bool guess);
  net::task<std::optional<rows_by_guild>> write_down(std::vector<store::guild_cut_write> writes);
  net::task<> end_old(const reshard_order& order);
  net::task<bool> retire_old(const reshard_order& order);
  net::task<> end_fresh(const reshard_order& order);
  net::task<> finish(const reshard_order& order);
  void forget();
  static void post(const std::shared_ptr<shard>& member, std::function<void(shard&)> word);
  void put_off(discord::guild_id guild, fleet::cut_delay why);
  [[nodiscard]] bool all_whole() const;

  net::asio::any_io_executor home_;
  reshard_ports ports_;
  reshard_desk_parts parts_;
  net::async_event news_;
  std::optional<reshard_order> order_;  // as long as something is to be done
  std::optional<reshard_order> next_;   // of another operation, for when this one has ended here
  bool stopping_ = false;

  // Of the operation that is followed.
  std::uint64_t id_ = 0;  // 0: none
  std::uint32_t from_ = 0;
  std::uint32_t to_ = 0;
  std::vector<store::guild_cut_row> stored_cuts_;  // when this node began
  std::set<discord::guild_id> cut_;                // guilds that went over
  std::set<discord::guild_id> paused_;             // that go over just now
  std::set<discord::shard_id> retired_;
  bool fresh_begun_ = false;
  bool old_ended_ = false;
  fleet::cut_schedule schedule_;

  base::published<std::optional<told>> told_;
  base::gauge left_;
};

}  // namespace guildfleet::bot
