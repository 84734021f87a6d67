#include "sim/world/members.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sim/world/messages.hpp"
#include "sim/world/permissions.hpp"
#include "sim/world/render.hpp"

namespace guildfleet::sim {

member_record& add_member(world_state& state, guild_record& guild, id user) {
  member_record member{.user = user, .joined_at = state.clock.wall_now()};
  auto& kept = guild.members.insert_or_assign(user, std::move(member)).first->second;
  auto data = member_json(state, kept);
  data["guild_id"] = id_text(guild.guild);
  publish_guild(state, guild.guild, "GUILD_MEMBER_ADD", std::move(data), intent::guild_members);
  if (!state.bots.contains(user)) return kept;
  guild.bots.insert(std::ranges::lower_bound(guild.bots, user), user);
  publish_bot(state, user, guild.guild, "GUILD_CREATE", guild_create_json(state, guild, user, 0),
              intent::guilds);
  return kept;
}

void remove_member(world_state& state, guild_record& guild, id user, departure how, const actor& by) {
  if (const auto voice = guild.voice_states.find(user); voice != guild.voice_states.end()) {
    auto left = voice->second;
    left.channel = 0;
    set_voice(state, guild, left);
  }
  if (guild.members.erase(user) == 0) return;
  for (const id which : guild.channels) {
    auto* const channel = find_channel(state, which);
    if (channel != nullptr && channel->thread) channel->thread->members.erase(user);
  }
  const bool was_bot = std::erase(guild.bots, user) != 0;
  if (was_bot) {
    publish_bot(state, user, guild.guild, "GUILD_DELETE", {{"id", id_text(guild.guild)}}, intent::guilds);
  }
  publish_guild(state, guild.guild, "GUILD_MEMBER_REMOVE",
                {{"guild_id", id_text(guild.guild)}, {"user", user_json(state, user)}},
                intent::guild_members);
  if (how == departure::kicked) audit(state, guild, by, {.action = 20, .target = user});
}

void member_changed(world_state& state, const guild_record& guild, const member_record& member) {
  auto data = member_json(state, member);
  data["guild_id"] = id_text(guild.guild);
  if (!state.bots.contains(member.user)) {
    publish_guild(state, guild.guild, "GUILD_MEMBER_UPDATE", std::move(data), intent::guild_members);
    return;
  }
  if (guild.unavailable) return;
  for (const id bot : guild.bots) {
    const bits wanted = bot == member.user ? 0 : intent::guild_members;
    publish_bot(state, bot, guild.guild, "GUILD_MEMBER_UPDATE", data, wanted);
  }
}

void audit_member(world_state& state, guild_record& guild, id user, json::array changes, const actor& by) {
  if (changes.empty()) return;
  audit(state, guild, by, {.action = 24, .target = user, .changes = std::move(changes)});
}

namespace {

json::array role_list(const guild_record& guild, const std::vector<id>& roles,
                      const std::vector<id>& without) {
  json::array out;
  for (const id role : roles) {
    if (std::ranges::find(without, role) != without.end()) continue;
    const auto found = guild.roles.find(role);
    if (found == guild.roles.end()) continue;
    out.push_back(json::object{{"id", id_text(role)}, {"name", found->second.fields.at("name")}});
  }
  return out;
}

}  // namespace

void set_roles(world_state& state, guild_record& guild, member_record& member, std::vector<id> roles,
               const actor& by) {
  if (member.roles == roles) return;
  auto added = role_list(guild, roles, member.roles);
  auto removed = role_list(guild, member.roles, roles);
  member.roles = std::move(roles);
  member_changed(state, guild, member);
  json::array changes;
  if (!added.empty()) changes.push_back(json::object{{"key", "$add"}, {"new_value", std::move(added)}});
  if (!removed.empty())
    changes.push_back(json::object{{"key", "$remove"}, {"new_value", std::move(removed)}});
  if (changes.empty()) return;
  audit(state, guild, by, {.action = 25, .target = member.user, .changes = std::move(changes)});
}

namespace {

bool may_see_bans(const world_state& state, const guild_record& guild, id bot) {
  return (guild_permissions(state, guild, bot) & (permission::ban_members | permission::view_audit_log)) != 0;
}

void publish_ban(world_state& state, const guild_record& guild, id user, std::string_view type) {
  const json::object data{{"guild_id", id_text(guild.guild)}, {"user", user_json(state, user)}};
  publish_where(state, guild.guild, type, data, intent::guild_moderation,
                [&](id bot) { return may_see_bans(state, guild, bot); });
}

void purge_messages(world_state& state, const guild_record& guild, id user, std::chrono::seconds age) {
  const auto oldest = state.clock.wall_now() - age;
  for (const id which : guild.channels) {
    auto* const channel = find_channel(state, which);
    std::vector<id> gone;
    for (const auto& [message, record] : channel->messages) {
      if (record.author == user && created_at(message) >= oldest) gone.push_back(message);
    }
    delete_messages(state, *channel, gone);
  }
}

}  // namespace

void ban(world_state& state, guild_record& guild, id user, std::chrono::seconds purge, const actor& by) {
  guild.bans.insert_or_assign(user, ban_record{.user = user, .reason = by.reason});
  publish_ban(state, guild, user, "GUILD_BAN_ADD");
  remove_member(state, guild, user, departure::banned, by);
  if (purge.count() > 0) purge_messages(state, guild, user, purge);
  audit(state, guild, by, {.action = 22, .target = user});
}

void unban(world_state& state, guild_record& guild, id user, const actor& by) {
  if (guild.bans.erase(user) == 0) return;
  publish_ban(state, guild, user, "GUILD_BAN_REMOVE");
  audit(state, guild, by, {.action = 23, .target = user});
}

role_record new_role(std::string name, bits permissions) {
  role_record role;
  role.permissions = permissions;
  role.fields = {
      {"name", std::move(name)},
      {"color", 0},
      {"colors",
       json::object{{"primary_color", 0}, {"secondary_color", nullptr}, {"tertiary_color", nullptr}}},
      {"hoist", false},
      {"icon", nullptr},
      {"unicode_emoji", nullptr},
      {"mentionable", false},
      {"flags", 0}};
  return role;
}

role_record& create_role(world_state& state, guild_record& guild, role_record draft, const actor& by) {
  draft.role = state.mint_id();
  draft.position = 1;
  const id which = draft.role;
  for (auto& [_, role] : guild.roles) {
    if (role.position >= 1) ++role.position;
  }
  auto& role = guild.roles.insert_or_assign(which, std::move(draft)).first->second;
  publish_guild(state, guild.guild, "GUILD_ROLE_CREATE",
                {{"guild_id", id_text(guild.guild)}, {"role", role_json(role)}}, intent::guilds);
  json::array changes;
  changes.push_back(json::object{{"key", "name"}, {"new_value", role.fields.at("name")}});
  audit(state, guild, by, {.action = 30, .target = which, .changes = std::move(changes)});
  return role;
}

void role_changed(world_state& state, guild_record& guild, const role_record& role, json::array changes,
                  const actor& by) {
  publish_guild(state, guild.guild, "GUILD_ROLE_UPDATE",
                {{"guild_id", id_text(guild.guild)}, {"role", role_json(role)}}, intent::guilds);
  if (changes.empty()) return;
  audit(state, guild, by, {.action = 31, .target = role.role, .changes = std::move(changes)});
}

void delete_role(world_state& state, guild_record& guild, id role, const actor& by) {
  if (guild.roles.erase(role) == 0) return;
  publish_guild(state, guild.guild, "GUILD_ROLE_DELETE",
                {{"guild_id", id_text(guild.guild)}, {"role_id", id_text(role)}}, intent::guilds);
  for (auto& [_, member] : guild.members) {
    if (std::erase(member.roles, role) != 0) member_changed(state, guild, member);
  }
  for (const id which : guild.channels) {
    auto* const channel = find_channel(state, which);
    if (std::erase_if(channel->overwrites, [&](const overwrite& entry) { return entry.target == role; }) !=
        0) {
      publish_guild(state, guild.guild, "CHANNEL_UPDATE", channel_json(state, *channel), intent::guilds);
    }
  }
  audit(state, guild, by, {.action = 32, .target = role});
}

void voice_changed(world_state& state, const guild_record& guild, const voice_state_record& voice) {
  publish_guild(state, guild.guild, "VOICE_STATE_UPDATE", voice_state_json(state, guild, voice),
                intent::guild_voice_states);
}

void set_voice(world_state& state, guild_record& guild, const voice_state_record& voice) {
  const auto before = guild.voice_states.find(voice.user);
  const bool was_there = before != guild.voice_states.end();
  const bool moved = !was_there || before->second.channel != voice.channel;
  if (voice.channel == 0) {
    guild.voice_states.erase(voice.user);
  } else {
    guild.voice_states[voice.user] = voice;
  }
  if (!was_there && voice.channel == 0) return;
  voice_changed(state, guild, voice);
  if (!moved || voice.channel == 0 || !state.bots.contains(voice.user)) return;
  publish_bot(state, voice.user, guild.guild, "VOICE_SERVER_UPDATE",
              {{"token", random_token(state, 16)},
               {"guild_id", id_text(guild.guild)},
               {"endpoint", fmt::format("voice-{}.sim.invalid:443", guild.guild % 100)}},
              0);
}

}  // namespace guildfleet::sim
