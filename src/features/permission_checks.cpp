#include "features/permission_checks.hpp"

#include "features/permission_names.hpp"
#include "features/permission_texts.hpp"

namespace guildfleet::features {
namespace {

namespace texts = permission_texts;
using discord::guild_record;
using discord::permission;
using discord::role_record;

bool is_owner(const guild_record& guild, discord::user_id user) {
  return !guild.owner.empty() && guild.owner == user;
}

std::optional<role_obstacle> obstacle_for_anybody(const guild_record& guild, discord::role_id role) {
  const role_record* const found = guild.find_role(role);
  if (found == nullptr) return role_obstacle::unknown_role;
  if (role.value == guild.id.value) return role_obstacle::everyone_role;
  if (found->managed) return role_obstacle::managed_role;
  return std::nullopt;
}

bool stands_above(const guild_record& guild, std::span<const discord::role_id> roles, discord::role_id role) {
  const role_record* const highest = highest_role(guild, roles);
  return highest != nullptr && is_above(*highest, *guild.find_role(role));
}

const text& sentence_of(role_obstacle what) {
  switch (what) {
    case role_obstacle::unknown_role:
      return texts::unknown_role;
    case role_obstacle::everyone_role:
      return texts::everyone_role;
    case role_obstacle::managed_role:
      return texts::managed_role;
    case role_obstacle::bot_may_not:
      return texts::bot_may_not;
    case role_obstacle::above_bot:
      return texts::above_bot;
    case role_obstacle::member_may_not:
      return texts::member_may_not;
    case role_obstacle::above_member:
      break;
  }
  return texts::above_member;
}

bool holds_messages(discord::channel_type type) {
  using discord::channel_type;
  return type != channel_type::category && type != channel_type::forum && type != channel_type::media &&
         type != channel_type::directory;
}

}  // namespace

acting_member acting_member_of(const discord::interaction& what) {
  return {what.user, what.member_roles, what.member_permissions};
}

bool is_above(const role_record& one, const role_record& other) {
  return one.position != other.position ? one.position > other.position : one.id < other.id;
}

const role_record* highest_role(const guild_record& guild, std::span<const discord::role_id> roles) {
  const role_record* highest = nullptr;
  for (const discord::role_id role : roles) {
    const role_record* const found = guild.find_role(role);
    if (found != nullptr && (highest == nullptr || is_above(*found, *highest))) highest = found;
  }
  return highest;
}

bool outranks(const guild_record& guild, ranked_member one, ranked_member other) {
  if (one.user == other.user || is_owner(guild, other.user)) return false;
  if (is_owner(guild, one.user)) return true;
  const role_record* const highest = highest_role(guild, one.roles);
  const role_record* const others = highest_role(guild, other.roles);
  return highest != nullptr && (others == nullptr || is_above(*highest, *others));
}

std::optional<role_obstacle> obstacle_for_bot(const discord::guild_state& guilds, const guild_record& guild,
                                              discord::role_id role) {
  if (const auto found = obstacle_for_anybody(guild, role)) return found;
  const auto held = guilds.base_permissions_of_self(guild.id);
  if (!held || !held->has(permission::manage_roles)) return role_obstacle::bot_may_not;
  if (is_owner(guild, guilds.self()) || stands_above(guild, guild.self.roles, role)) return std::nullopt;
  return role_obstacle::above_bot;
}

std::optional<role_obstacle> obstacle_for_member(const guild_record& guild, const acting_member& member,
                                                 discord::role_id role) {
  if (const auto found = obstacle_for_anybody(guild, role)) return found;
  if (is_owner(guild, member.user)) return std::nullopt;
  if (!member.permissions.has(permission::manage_roles)) return role_obstacle::member_may_not;
  if (stands_above(guild, member.roles, role)) return std::nullopt;
  return role_obstacle::above_member;
}

std::string told(role_obstacle what, discord::role_id role, language in) {
  const std::string shown = fmt::format("<@&{}>", role);
  return sentence_of(what).format(in, fmt::arg("role", shown));
}

std::optional<send_obstacle> obstacle_to_send(const discord::guild_state& guilds, discord::guild_id guild,
                                              discord::channel_id channel, base::wall_time now,
                                              discord::permission_set needed) {
  using kind = send_obstacle::kind;
  const guild_record* const record = guilds.find_guild(guild);
  const auto* const found = record == nullptr ? nullptr : record->find_channel(channel);
  if (found == nullptr) return send_obstacle{.what = kind::unknown_channel};
  if (!holds_messages(found->type)) return send_obstacle{.what = kind::no_place_for_messages};
  const auto held = guilds.permissions_of_self(guild, channel, now);
  if (!held) return send_obstacle{.what = kind::unknown_channel};
  discord::permission_set missing = needed.without(*held);
  if (missing.empty()) return std::nullopt;
  // Without the first nothing else is held, though it may be allowed.
  if (missing.has(permission::view_channel)) missing = discord::permission_set(permission::view_channel);
  if (missing.has(permission::send_messages)) {
    const bool thread = discord::is_thread(found->type);
    missing =
        discord::permission_set(thread ? permission::send_messages_in_threads : permission::send_messages);
  }
  return send_obstacle{.what = kind::missing_permissions, .missing = missing};
}

std::string told(const send_obstacle& what, discord::channel_id channel, language in) {
  const std::string shown = fmt::format("<#{}>", channel);
  switch (what.what) {
    case send_obstacle::kind::unknown_channel:
      return texts::unknown_channel.format(in, fmt::arg("channel", shown));
    case send_obstacle::kind::no_place_for_messages:
      return texts::no_place.format(in, fmt::arg("channel", shown));
    case send_obstacle::kind::missing_permissions:
      break;
  }
  const std::string permissions = names_of(what.missing, in);
  return texts::cannot_send.format(in, fmt::arg("channel", shown), fmt::arg("permissions", permissions));
}

discord::permission_set permissions_in(const discord::interaction& what, discord::channel_id channel) {
  const auto chosen = what.resolved.channels.find(channel);
  return chosen == what.resolved.channels.end() ? what.member_permissions : chosen->second.permissions;
}

std::optional<std::string> refusal_to_post(const discord::interaction& what,
                                           const discord::guild_state& guilds, discord::channel_id channel,
                                           base::wall_time now, language in) {
  if (!to_send.without(permissions_in(what, channel)).empty()) {
    const std::string shown = fmt::format("<#{}>", channel);
    return texts::you_cannot_post.format(in, fmt::arg("channel", shown));
  }
  const auto of_bot = obstacle_to_send(guilds, what.guild, channel, now, to_send_embeds);
  if (!of_bot) return std::nullopt;
  return told(*of_bot, channel, in);
}

}  // namespace guildfleet::features
