// Events on their way to the gateway half: who may see them, and the audit log entry that goes with an
// action.
#pragma once

#include <functional>
#include <string_view>

#include "sim/world/state.hpp"

namespace guildfleet::sim {

// Who acts, and the decoded X-Audit-Log-Reason.
struct actor {
  id user = 0;
  std::optional<std::string> reason{};
};

void publish(world_state& state, world_event event);
// To every bot of the guild, nothing during its outage.
void publish_guild(world_state& state, id guild, std::string_view type, json::object data, bits intents);
// To the bots of the guild for whom `permitted` holds.
void publish_where(world_state& state, id guild, std::string_view type, const json::object& data,
                   bits intents, const std::function<bool(id application)>& permitted);
// To the bots that see the channel; to the bot of a direct message.
void publish_channel(world_state& state, const channel_record& channel, std::string_view type,
                     const json::object& data, bits guild_intent, bits dm_intent, bool content = false);
// To one bot; shard 0 when guild is 0.
void publish_bot(world_state& state, id application, id guild, std::string_view type, json::object data,
                 bits intents);

struct audit_entry {
  int action = 0;
  id target = 0;
  json::array changes{};  // [{key, old_value?, new_value?}]
  json::object options{};
};
// Keeps the entry and publishes GUILD_AUDIT_LOG_ENTRY_CREATE to those who may read the log.
void audit(world_state& state, guild_record& guild, const actor& by, audit_entry entry);

}  // namespace guildfleet::sim
