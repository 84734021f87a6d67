// Carries out what was decided: gathered for a moment, so that a raid costs a few requests and no event
// waits.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "features/automod/offence.hpp"
#include "features/feature.hpp"
#include "features/guild_reports.hpp"

namespace guildfleet::features {

// One per shard, on its reactor; the services outlive it. Of a server at most 1,000 messages and 200 offences
// wait; what comes on top is deleted only, or given up and counted. What is from before it was made may come
// again and have been told of: it is gathered by itself, so that nothing new is taken for told.
class automod_enforcer final {
 public:
  explicit automod_enforcer(const shard_services& services);

  void add(discord::guild_id guild, offence one);
  void forget(discord::guild_id guild);

 private:
  struct work {
    std::map<discord::channel_id, std::set<discord::message_id>> messages;
    std::size_t message_count = 0;
    std::vector<offence> offences;
    std::size_t untold = 0;
  };

  net::task<> carry_out(discord::guild_id guild, bool is_from_before);
  // False: it did not work, which the server's managers are told.
  [[nodiscard]] net::task<bool> remove(discord::guild_id guild, discord::channel_id channel,
                                       std::vector<discord::message_id> messages);
  [[nodiscard]] net::task<bool> time_out(discord::guild_id guild, const offence& whom);
  net::task<> warn(discord::guild_id guild, const std::vector<offence>& offences);
  net::task<> write_log(discord::guild_id guild, const work& done);
  net::task<> post(effect_origin origin, discord::guild_id guild, discord::channel_id channel,
                   discord::message_body body);
  // False: it lacks it, and the server's managers are told.
  net::task<bool> has(discord::guild_id guild, discord::channel_id channel, discord::permission_set needed);

  shard_services services_;
  guild_reporter reporter_;
  std::map<std::pair<discord::guild_id, bool>, work> waiting_;  // bool: from before
  base::wall_time begun_;
  base::counter removed_;
  base::counter given_up_;
};

}  // namespace guildfleet::features
