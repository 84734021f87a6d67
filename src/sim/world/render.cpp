#include "sim/world/render.hpp"

#include <algorithm>
#include <set>

#include "sim/world/permissions.hpp"

namespace guildfleet::sim {

json::object user_json(const user_record& user) {
  json::object out{
      {"id", id_text(user.user)},
      {"username", user.username},
      {"discriminator", user.discriminator},
      {"global_name", user.global_name.empty() ? json::value(nullptr) : json::value(user.global_name)},
      {"avatar", nullptr},
      {"avatar_decoration_data", nullptr},
      {"collectibles", nullptr},
      {"banner", nullptr},
      {"accent_color", nullptr},
      {"primary_guild", nullptr},
      {"public_flags", 0},
      {"flags", 0}};
  if (user.bot) out["bot"] = true;
  return out;
}

json::object user_json(const world_state& state, id user) {
  if (const auto* const known = find_user(state, user)) return user_json(*known);
  return user_json(user_record{.user = user, .username = "deleted_user"});
}

json::object self_json(const world_state& state, const bot_record& bot) {
  auto out = user_json(state, bot.account.user);
  out["verified"] = true;
  out["mfa_enabled"] = true;
  out["email"] = nullptr;
  out["locale"] = "en-US";
  out["premium_type"] = 0;
  out["bio"] = bot.description;
  return out;
}

json::object member_json(const world_state& state, const member_record& member, bool with_user) {
  json::array roles;
  for (const id role : member.roles) roles.emplace_back(id_text(role));
  json::object out{{"avatar", nullptr},
                   {"avatar_decoration_data", nullptr},
                   {"banner", nullptr},
                   {"collectibles", nullptr},
                   {"communication_disabled_until", nullptr},
                   {"flags", member.flags},
                   {"joined_at", timestamp(member.joined_at)},
                   {"nick", nullptr},
                   {"pending", member.pending},
                   {"premium_since", nullptr},
                   {"roles", std::move(roles)},
                   {"mute", member.mute},
                   {"deaf", member.deaf}};
  if (member.nick) out["nick"] = *member.nick;
  if (member.timed_out_until) out["communication_disabled_until"] = timestamp(*member.timed_out_until);
  if (with_user) out["user"] = user_json(state, member.user);
  return out;
}

json::object role_json(const role_record& role) {
  json::object out = role.fields;
  out["id"] = id_text(role.role);
  out["permissions"] = id_text(role.permissions);
  out["position"] = role.position;
  out["managed"] = role.managed;
  return out;
}

json::object thread_member_json(const channel_record& thread, id user, base::wall_time joined) {
  return {{"id", id_text(thread.channel)},
          {"user_id", id_text(user)},
          {"join_timestamp", timestamp(joined)},
          {"flags", 0}};
}

namespace {

void add_thread_fields(json::object& out, const channel_record& channel) {
  const auto& thread = *channel.thread;
  out["owner_id"] = id_text(thread.owner);
  out["message_count"] = thread.message_count;
  out["total_message_sent"] = thread.total_message_sent;
  out["member_count"] = std::min<std::size_t>(thread.members.size(), 50);
  json::object metadata{{"archived", thread.archived},
                        {"archive_timestamp", timestamp(thread.archive_changed)},
                        {"auto_archive_duration", thread.auto_archive_minutes},
                        {"locked", thread.locked},
                        {"create_timestamp", timestamp(thread.created)}};
  if (channel.type == channel_type::private_thread) metadata["invitable"] = thread.invitable;
  out["thread_metadata"] = std::move(metadata);
}

void add_guild_channel_fields(json::object& out, const channel_record& channel) {
  json::array overwrites;
  for (const auto& entry : channel.overwrites) {
    overwrites.push_back(json::object{{"id", id_text(entry.target)},
                                      {"type", entry.type},
                                      {"allow", id_text(entry.allow)},
                                      {"deny", id_text(entry.deny)}});
  }
  out["position"] = channel.position;
  out["permission_overwrites"] = std::move(overwrites);
}

void add_dm_fields(json::object& out, const world_state& state, const channel_record& channel) {
  json::array recipients;
  for (const id user : channel.recipients) {
    if (!state.bots.contains(user)) recipients.push_back(user_json(state, user));
  }
  out["recipients"] = std::move(recipients);
}

}  // namespace

json::object channel_json(const world_state& state, const channel_record& channel) {
  json::object out = channel.fields;
  out["id"] = id_text(channel.channel);
  out["type"] = channel.type;
  if (!out.contains("flags")) out["flags"] = 0;
  if (channel.type != channel_type::category) out["last_message_id"] = id_or_null(channel.last_message);
  if (channel.last_pin) out["last_pin_timestamp"] = timestamp(*channel.last_pin);
  if (channel.guild == 0) {
    add_dm_fields(out, state, channel);
    return out;
  }
  out["guild_id"] = id_text(channel.guild);
  out["parent_id"] = id_or_null(channel.parent);
  if (channel.thread) {
    add_thread_fields(out, channel);
  } else {
    add_guild_channel_fields(out, channel);
  }
  return out;
}

json::object voice_state_json(const world_state& state, const guild_record& guild,
                              const voice_state_record& voice, bool with_guild) {
  const auto* const member = find_member(guild, voice.user);
  json::object out{{"channel_id", id_or_null(voice.channel)},
                   {"user_id", id_text(voice.user)},
                   {"session_id", voice.session},
                   {"deaf", member != nullptr && member->deaf},
                   {"mute", member != nullptr && member->mute},
                   {"self_deaf", voice.self_deaf},
                   {"self_mute", voice.self_mute},
                   {"self_video", false},
                   {"self_stream", false},
                   {"suppress", voice.suppress},
                   {"request_to_speak_timestamp", nullptr}};
  if (member != nullptr) out["member"] = member_json(state, *member);
  if (with_guild) out["guild_id"] = id_text(guild.guild);
  return out;
}

json::object presence_json(const world_state& state, id guild, id user) {
  std::string status = "online";
  json::array activities;
  if (const auto bot = state.bots.find(user); bot != state.bots.end()) {
    status = bot->second.status;
    activities = bot->second.activities;
  }
  json::object client_status;
  if (status != "offline") client_status["web"] = status;
  return {{"user", json::object{{"id", id_text(user)}}},
          {"guild_id", id_text(guild)},
          {"status", status},
          {"activities", std::move(activities)},
          {"client_status", std::move(client_status)}};
}

json::object ban_json(const world_state& state, const ban_record& ban) {
  return {{"user", user_json(state, ban.user)},
          {"reason", ban.reason ? json::value(*ban.reason) : json::value(nullptr)}};
}

json::object invite_json(const world_state& state, const invite_record& invite, bool with_metadata) {
  const auto* const guild = find_guild(state, invite.guild);
  const auto* const channel = find_channel(state, invite.channel);
  json::object out{{"type", 0}, {"code", invite.code}, {"flags", 0}, {"guild_id", id_text(invite.guild)}};
  out["expires_at"] = invite.max_age == 0
                          ? json::value(nullptr)
                          : json::value(timestamp(invite.created + std::chrono::seconds(invite.max_age)));
  if (guild != nullptr) {
    json::object partial{{"id", id_text(guild->guild)}};
    for (const auto* key :
         {"name", "icon", "splash", "banner", "description", "features", "verification_level",
          "vanity_url_code", "nsfw_level", "nsfw", "premium_subscription_count", "premium_tier"}) {
      partial[key] = guild->fields.at(key);
    }
    out["guild"] = std::move(partial);
  }
  if (channel != nullptr) {
    out["channel"] = json::object{
        {"id", id_text(channel->channel)}, {"type", channel->type}, {"name", channel->fields.at("name")}};
  }
  if (invite.inviter != 0) out["inviter"] = user_json(state, invite.inviter);
  if (!with_metadata) return out;
  out["uses"] = invite.uses;
  out["max_uses"] = invite.max_uses;
  out["max_age"] = invite.max_age;
  out["temporary"] = invite.temporary;
  out["created_at"] = timestamp(invite.created);
  return out;
}

json::object webhook_json(const world_state& state, const webhook_record& webhook, bool with_user) {
  json::object out{{"id", id_text(webhook.webhook)},
                   {"type", 1},
                   {"name", webhook.name},
                   {"avatar", webhook.avatar},
                   {"channel_id", id_text(webhook.channel)},
                   {"guild_id", id_text(webhook.guild)},
                   {"application_id", id_or_null(webhook.application)},
                   {"token", webhook.token}};
  if (with_user) out["user"] = user_json(state, webhook.owner);
  return out;
}

namespace {

bool content_hidden_from(const world_state& state, const message_record& message, id viewer) {
  const auto bot = state.bots.find(viewer);
  if (bot == state.bots.end() || message.guild == 0) return false;
  if ((bot->second.account.application_flags & application_flag::message_content) != 0) return false;
  if (message.author == viewer || id_field(message.fields, "application_id") == viewer) return false;
  const auto* const mentions = array_field(message.fields, "mentions");
  return mentions == nullptr || std::ranges::none_of(*mentions, [&](const json::value& user) {
           return id_field(user.as_object(), "id") == viewer;
         });
}

json::array reactions_json(const message_record& message, id viewer) {
  json::array out;
  for (const auto& reaction : message.reactions) {
    const bool mine = std::ranges::find(reaction.users, viewer) != reaction.users.end();
    const auto count = reaction.users.size();
    out.push_back(json::object{{"emoji", reaction.emoji},
                               {"count", count},
                               {"count_details", json::object{{"burst", 0}, {"normal", count}}},
                               {"burst_colors", json::array()},
                               {"me_burst", false},
                               {"burst_me", false},
                               {"burst_count", 0},
                               {"me", mine}});
  }
  return out;
}

}  // namespace

json::object message_json(const world_state& state, const message_record& message, id viewer) {
  json::object out = message.fields;
  if (!message.reactions.empty()) out["reactions"] = reactions_json(message, viewer);
  if (content_hidden_from(state, message, viewer)) {
    out["content"] = "";
    for (const auto* key : {"embeds", "attachments", "components"}) out[key] = json::array();
    out.erase("poll");
  }
  return out;
}

json::object message_event_json(const world_state& state, const message_record& message) {
  auto out = message_json(state, message, 0);
  const auto* const channel = find_channel(state, message.channel);
  if (channel != nullptr) out["channel_type"] = channel->type;
  const auto* const guild = find_guild(state, message.guild);
  const bool ephemeral = (int_field(out, "flags") & static_cast<std::int64_t>(message_flag::ephemeral)) != 0;
  if (guild == nullptr || ephemeral) return out;
  out["guild_id"] = id_text(guild->guild);
  const bool by_webhook = out.contains("webhook_id") && !out.contains("interaction_metadata");
  const auto* const author = by_webhook ? nullptr : find_member(*guild, message.author);
  if (author != nullptr) out["member"] = member_json(state, *author, false);
  for (auto& mention : out["mentions"].as_array()) {
    const auto* const member = find_member(*guild, id_field(mention.as_object(), "id"));
    if (member != nullptr) mention.as_object()["member"] = member_json(state, *member, false);
  }
  return out;
}

}  // namespace guildfleet::sim
