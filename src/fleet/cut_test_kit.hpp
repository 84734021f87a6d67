// Two sets of shards of one bot under test: a made-up Discord that shows each event to a session of each set,
// late and in different orders, and a process that runs both sets, breaks, and begins again from what it
// stored.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <random>
#include <set>

#include "fleet/muted_feed.hpp"
#include "fleet/watermark.hpp"

namespace guildfleet::fleet {

struct cut_plan {
  std::uint32_t old_count = 2;
  std::uint32_t new_count = 3;
  std::uint32_t guilds = 4;
  std::chrono::milliseconds delay{40};  // of a session, at most
  std::chrono::milliseconds skew{0};    // between the clocks of both sets, at most
  std::chrono::milliseconds traffic{1'500};
  int events_per_tick = 1;
  bool keeps_order = true;   // within a guild
  bool breaks = false;       // connections
  bool begins_anew = false;  // one shard, from its ledger
  bool crashes = false;      // the process
};

// A session as Discord has it: it outlives the process.
struct made_up_session {
  struct shown {
    base::steady_time at{};
    std::uint64_t event = 0;
  };
  base::steady_time begins{};
  std::multimap<base::steady_time, std::uint64_t> under_way{};
  std::map<std::uint64_t, base::steady_time> last_of_guild{};
  std::vector<std::uint64_t> log{};  // event of sequence 1, 2, ...
  bool connected = false;
  base::steady_time back_at{};  // while it is not connected
  std::uint64_t told = 0;       // up to this sequence, on this connection
};

class cut_simulation final {
 public:
  cut_simulation(const cut_plan& plan, std::uint64_t seed);
  // Until every guild went over and all events were shown. What is wrong; empty: nothing is.
  [[nodiscard]] std::string run();
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  [[nodiscard]] std::size_t cuts() const { return durable_.size(); }

 private:
  struct event {
    std::uint64_t guild = 0;
    event_identity what{};
  };
  struct running {
    std::uint64_t guild = 0;
    std::uint64_t sequence = 0;
    base::steady_time until{};
  };
  template <class Feed>
  struct shard {
    std::size_t session = 0;
    Feed feed;
    watermark progress;
    std::uint64_t saved = 0;
    std::vector<running> handlers{};
  };
  using old_shard = shard<retiring_feed>;
  using new_shard = shard<muted_feed>;
  enum class cut_phase : std::uint8_t { none, pausing, writing, written, done };
  struct guild_state {
    cut_phase phase = cut_phase::none;
    base::steady_time due{};
    guild_cut cut{};
  };

  [[nodiscard]] int draw(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  [[nodiscard]] std::chrono::milliseconds draw_ms(std::chrono::milliseconds below) {
    return std::chrono::milliseconds(draw(static_cast<int>(below.count()) + 1));
  }
  void happen();
  void show_due(made_up_session& session);
  template <class Feed>
  void tell(shard<Feed>& to);
  void take(old_shard& to, std::uint64_t sequence, std::uint64_t number);
  void take(new_shard& to, std::uint64_t sequence, std::uint64_t number);
  template <class Feed>
  void act(shard<Feed>& by, std::uint64_t sequence, std::uint64_t number);
  template <class Feed>
  void finish_handlers(shard<Feed>& of);
  void save(old_shard& of) { of.saved = of.progress.low(); }
  void save(new_shard& of);
  void go_on_with(std::uint64_t guild);
  void try_plan(std::uint64_t guild, guild_state& state);
  void write_cut(std::uint64_t guild, guild_state& state);
  void hear_written(std::uint64_t guild, guild_state& state);
  void break_something();
  template <class Feed>
  void begin_anew(shard<Feed>& of);
  void restore(new_shard& to);
  void crash();
  [[nodiscard]] std::optional<acted_events> offer_of(std::uint64_t guild);
  [[nodiscard]] std::string account() const;
  [[nodiscard]] old_shard& old_of(std::uint64_t guild) { return old_[guild % plan_.old_count]; }
  [[nodiscard]] new_shard& new_of(std::uint64_t guild) { return new_[guild % plan_.new_count]; }

  cut_plan plan_;
  cut_limits limits_;
  std::mt19937_64 random_;
  std::chrono::milliseconds skew_{0};  // the old set's clock goes so much before
  base::steady_time now_{std::chrono::hours(1)};
  base::steady_time traffic_ends_{};
  base::steady_time down_until_{};
  std::uint64_t steps_ = 0;
  std::vector<event> events_;
  std::vector<made_up_session> sessions_;
  std::vector<old_shard> old_;
  std::vector<new_shard> new_;
  std::vector<guild_state> guilds_;
  std::map<std::uint64_t, guild_cut> durable_;
  // Of each event: by which session's which sequence it was acted on. One that acts on it again after a crash
  // finds what it did.
  std::map<std::uint64_t, std::set<std::pair<std::size_t, std::uint64_t>>> acted_;
  std::map<std::uint64_t, std::vector<std::uint64_t>> first_acts_;  // of each guild, in order
};

}  // namespace guildfleet::fleet
