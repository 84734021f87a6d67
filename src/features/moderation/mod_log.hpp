// Tells of cases: in the server's log channel, and to the member.
#pragma once

#include "features/feature.hpp"
#include "features/guild_reports.hpp"
#include "features/moderation/mod_case.hpp"

namespace guildfleet::features {

// One per shard, on its reactor; the services outlive it. Nothing that it fails at stops its caller.
class mod_log final {
 public:
  explicit mod_log(const shard_services& services);

  // Posts the case, once for each origin; `effects`: those of the event or job that it is told in. False: it
  // is to be posted, and it did not work.
  net::task<bool> post(effect_port& effects, effect_origin origin, discord::guild_id guild, mod_case one);
  // By direct message, in the server's language, once for each origin of an event. False: they are to be
  // told, and it did not work.
  net::task<bool> tell_member(effect_origin origin, discord::guild_id guild, mod_case one);
  guild_reporter& reporter() { return reporter_; }

 private:
  shard_services services_;
  guild_reporter reporter_;
};

}  // namespace guildfleet::features
