// The guild object and GUILD_CREATE.
#include <algorithm>
#include <set>

#include "sim/world/permissions.hpp"
#include "sim/world/render.hpp"

namespace guildfleet::sim {

json::object guild_json(const guild_record& guild) {
  json::object out = guild.fields;
  out["id"] = id_text(guild.guild);
  out["owner_id"] = id_text(guild.owner);
  json::array roles;
  for (const auto& [_, role] : guild.roles) roles.push_back(role_json(role));
  out["roles"] = std::move(roles);
  out["emojis"] = guild.emojis;
  out["stickers"] = json::array();
  return out;
}

namespace {

// Sheet 1.18: without GUILD_PRESENCES only the bot itself and who is in voice; with it everybody of a small
// guild.
json::array visible_members(const world_state& state, const guild_record& guild, id application,
                            bits intents) {
  json::array out;
  const bool everyone = (intents & intent::guild_presences) != 0;
  for (const auto& [user, member] : guild.members) {
    if (everyone || user == application || guild.voice_states.contains(user)) {
      out.push_back(member_json(state, member));
    }
  }
  return out;
}

void add_channels(json::object& out, const world_state& state, const guild_record& guild, id application) {
  json::array channels;
  json::array threads;
  for (const id which : guild.channels) {
    const auto* const channel = find_channel(state, which);
    if (channel == nullptr) continue;
    if (!channel->thread) {
      channels.push_back(channel_json(state, *channel));
      continue;
    }
    if (channel->thread->archived || channel_permissions(state, *channel, application) == 0) continue;
    auto thread = channel_json(state, *channel);
    if (const auto own = channel->thread->members.find(application); own != channel->thread->members.end()) {
      thread["member"] = json::object{{"join_timestamp", timestamp(own->second)}, {"flags", 0}};
    }
    threads.push_back(std::move(thread));
  }
  out["channels"] = std::move(channels);
  out["threads"] = std::move(threads);
}

}  // namespace

json::object guild_create_json(const world_state& state, const guild_record& guild, id application,
                               std::uint64_t intents) {
  if (guild.unavailable) return {{"id", id_text(guild.guild)}, {"unavailable", true}};
  auto out = guild_json(guild);
  const auto* const self = find_member(guild, application);
  out["joined_at"] = timestamp(self != nullptr ? self->joined_at : created_at(guild.guild));
  out["large"] = guild.members.size() > 250;
  out["unavailable"] = false;
  out["member_count"] = guild.members.size();
  json::array voice_states;
  for (const auto& [_, voice] : guild.voice_states) {
    voice_states.push_back(voice_state_json(state, guild, voice, false));
  }
  out["voice_states"] = std::move(voice_states);
  out["members"] = visible_members(state, guild, application, intents);
  add_channels(out, state, guild, application);
  json::array presences;
  if ((intents & intent::guild_presences) != 0) {
    for (const auto& [user, _] : guild.members) presences.push_back(presence_json(state, guild.guild, user));
  }
  out["presences"] = std::move(presences);
  for (const auto* key :
       {"stage_instances", "guild_scheduled_events", "soundboard_sounds", "embedded_activities"}) {
    out[key] = json::array();
  }
  return out;
}

}  // namespace guildfleet::sim
