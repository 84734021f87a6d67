// Which guilds of a bot go over next from its old set of shards to the new one: a few at a time, and again
// later those that could not. A decider; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"
#include "fleet/cut_window.hpp"

namespace guildfleet::fleet {

struct cut_schedule_limits {
  std::size_t at_once = 200;                     // guilds that are paused together
  std::chrono::milliseconds busy_after{200};     // again, where a handler of it did not end
  std::chrono::milliseconds young_after{1'000};  // where a session is not whole
  std::chrono::milliseconds unclear_after{500};  // where the accounts cannot be compared yet
  std::chrono::milliseconds longest{10'000};     // each time twice as long, up to this
};

// Why a guild did not go over this time.
enum class cut_delay : std::uint8_t { busy, young, unclear };
[[nodiscard]] cut_delay delay_of(cut_obstacle why);

class cut_schedule final {
 public:
  explicit cut_schedule(cut_schedule_limits limits = {}) : limits_(limits) {}

  // The guilds that are the old set's now; new ones are due at once, those that are no more are forgotten.
  void set_guilds(std::span<const discord::guild_id> guilds, base::steady_time now);

  // Those that are due, at most as many as may be under way; they are under way until one of the calls below.
  [[nodiscard]] std::vector<discord::guild_id> begin(base::steady_time now);
  void went_over(discord::guild_id guild);
  void put_off(discord::guild_id guild, cut_delay why, base::steady_time now);

  [[nodiscard]] std::size_t left() const { return guilds_.size(); }
  [[nodiscard]] std::size_t under_way() const { return under_way_; }
  // When begin() has something; time_point::max(): once something under way has ended, or never.
  [[nodiscard]] base::steady_time next_due() const;

 private:
  struct entry {
    base::steady_time due{};
    std::uint32_t attempts = 0;
    bool under_way = false;
  };

  [[nodiscard]] std::chrono::milliseconds pause(cut_delay why, std::uint32_t attempts) const;

  cut_schedule_limits limits_;
  std::map<discord::guild_id, entry> guilds_;
  std::size_t under_way_ = 0;
};

}  // namespace guildfleet::fleet
