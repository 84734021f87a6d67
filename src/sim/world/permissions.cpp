#include "sim/world/permissions.hpp"

#include <algorithm>
#include <limits>

namespace guildfleet::sim {

namespace {

bits base_permissions(const guild_record& guild, const member_record& member) {
  bits granted = 0;
  if (const auto everyone = guild.roles.find(guild.guild); everyone != guild.roles.end()) {
    granted |= everyone->second.permissions;
  }
  for (const id role : member.roles) {
    if (const auto found = guild.roles.find(role); found != guild.roles.end())
      granted |= found->second.permissions;
  }
  return granted;
}

bits with_overwrites(bits granted, const channel_record& channel, const member_record& member) {
  const auto& all = channel.overwrites;
  const auto apply = [&](id target) {
    const auto found = std::ranges::find(all, target, &overwrite::target);
    if (found != all.end()) granted = (granted & ~found->deny) | found->allow;
  };
  apply(channel.guild);
  bits allow = 0;
  bits deny = 0;
  for (const auto& entry : all) {
    if (std::ranges::find(member.roles, entry.target) == member.roles.end()) continue;
    allow |= entry.allow;
    deny |= entry.deny;
  }
  granted = (granted & ~deny) | allow;
  apply(member.user);
  return granted;
}

bits without_implied(bits granted, int type, bool thread) {
  using namespace permission;
  if ((granted & view_channel) == 0) return 0;
  const bits send = thread ? send_messages_in_threads : send_messages;
  if ((granted & send) == 0) granted &= ~(mention_everyone | send_tts_messages | attach_files | embed_links);
  const bool voice = type == channel_type::voice || type == channel_type::stage;
  if (voice && (granted & connect) == 0) granted &= view_channel;
  return granted;
}

}  // namespace

bool timed_out(const world_state& state, const member_record& member) {
  return member.timed_out_until && *member.timed_out_until > state.clock.wall_now();
}

bits guild_permissions(const world_state& state, const guild_record& guild, id user) {
  const auto* const member = find_member(guild, user);
  if (member == nullptr) return 0;
  if (guild.owner == user) return permission::all;
  const bits granted = base_permissions(guild, *member);
  if ((granted & permission::administrator) != 0) return permission::all;
  if (timed_out(state, *member))
    return granted & (permission::view_channel | permission::read_message_history);
  return granted;
}

bits channel_permissions(const world_state& state, const channel_record& channel, id user) {
  if (channel.guild == 0) {
    return std::ranges::find(channel.recipients, user) == channel.recipients.end() ? 0 : permission::all;
  }
  const auto* const guild = find_guild(state, channel.guild);
  const auto* const member = guild == nullptr ? nullptr : find_member(*guild, user);
  if (member == nullptr) return 0;
  if (guild->owner == user) return permission::all;
  bits granted = base_permissions(*guild, *member);
  if ((granted & permission::administrator) != 0) return permission::all;
  const auto* const parent = channel.thread ? find_channel(state, channel.parent) : nullptr;
  const auto& source = parent != nullptr ? *parent : channel;
  granted =
      without_implied(with_overwrites(granted, source, *member), source.type, channel.thread.has_value());
  if (timed_out(state, *member)) granted &= permission::view_channel | permission::read_message_history;
  return granted;
}

int highest_position(const guild_record& guild, id user) {
  if (guild.owner == user) return std::numeric_limits<int>::max();
  const auto* const member = find_member(guild, user);
  int highest = 0;
  if (member == nullptr) return highest;
  for (const id role : member->roles) {
    const auto found = guild.roles.find(role);
    if (found != guild.roles.end()) highest = std::max(highest, found->second.position);
  }
  return highest;
}

bool outranks(const guild_record& guild, id actor, id target) {
  if (target == guild.owner) return false;
  return actor == target || highest_position(guild, actor) > highest_position(guild, target);
}

}  // namespace guildfleet::sim
