// Durable timers of a feature: what it schedules runs once it is due, however often the process has died by
// then.
#pragma once

#include <string>

#include "base/result.hpp"
#include "discord/model/ids.hpp"
#include "features/effects.hpp"
#include "jobs/job_policy.hpp"
#include "store/data_rows.hpp"

namespace guildfleet::features {

struct timer {
  std::string key;          // unique among the feature's timers of this bot; at most 150 bytes
  std::string what;         // tells the handler which kind it is
  discord::guild_id guild;  // runs on the node that holds its shard; empty: on any node of the bot
  base::wall_time due{};    // years ahead are fine
  std::string payload;      // the handler's own, at most 64 KiB
};

// From any reactor of the bot. Errors: std::errc::invalid_argument with the limit that was passed; those of
// the store.
class job_port {
 public:
  virtual ~job_port() = default;

  [[nodiscard]] virtual net::task<base::result<store::schedule_outcome>> schedule(
      timer what, store::schedule_mode mode = store::schedule_mode::keep) = 0;
  // False: there is none that waits.
  [[nodiscard]] virtual net::task<base::result<bool>> cancel(std::string key) = 0;
};

// A timer that is due, on the reactor of its guild's shard, whose state is there if Discord gives it.
// `effects` happen once, also when an attempt died in the middle: an effect is told by its number, its
// sequence counts for nothing.
struct job_call {
  timer what;
  std::uint32_t attempt = 1;
  effect_port& effects;
  // Its effects may have been tried: by an earlier attempt, or by one that was put back.
  bool begun_before = false;
};

}  // namespace guildfleet::features
