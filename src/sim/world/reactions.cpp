// Reactions, pins, typing and direct-message channels.
#include <algorithm>

#include "base/utf8.hpp"
#include "sim/world/messages.hpp"
#include "sim/world/render.hpp"

namespace guildfleet::sim {

namespace {

json::object reaction_event(const message_record& message) {
  json::object data{{"channel_id", id_text(message.channel)}, {"message_id", id_text(message.message)}};
  if (message.guild != 0) data["guild_id"] = id_text(message.guild);
  return data;
}

void publish_reaction(world_state& state, const message_record& message, std::string_view type,
                      json::object data) {
  if (const auto* const channel = find_channel(state, message.channel)) {
    publish_channel(state, *channel, type, data, intent::guild_message_reactions,
                    intent::direct_message_reactions);
  }
}

auto find_reaction(message_record& message, std::string_view key) {
  return std::ranges::find(message.reactions, key, &reaction_record::key);
}

}  // namespace

std::string emoji_key(const json::object& emoji) {
  const auto custom = text_field(emoji, "id");
  return custom.empty() ? text_field(emoji, "name") : custom;
}

std::optional<json::object> parse_emoji(const world_state& state, std::string_view text) {
  const auto colon = text.rfind(':');
  const auto number = parse_id(colon == std::string_view::npos ? text : text.substr(colon + 1));
  if (!number) {
    // A unicode emoji has no ASCII letters; keycaps begin with a digit, "#" or "*" and go on beyond ASCII.
    const bool beyond_ascii =
        std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    if (!beyond_ascii || !base::utf8_valid(text) || base::utf8_length(text) > 12) return std::nullopt;
    return json::object{{"id", nullptr}, {"name", text}};
  }
  for (const auto& [_, guild] : state.guilds) {
    for (const auto& entry : guild.emojis) {
      const auto& emoji = entry.as_object();
      if (id_field(emoji, "id") != *number) continue;
      return json::object{
          {"id", emoji.at("id")}, {"name", emoji.at("name")}, {"animated", emoji.at("animated")}};
    }
  }
  return std::nullopt;
}

bool add_reaction(world_state& state, message_record& message, id user, const json::object& emoji) {
  const auto key = emoji_key(emoji);
  auto found = find_reaction(message, key);
  if (found == message.reactions.end()) {
    message.reactions.push_back({.emoji = emoji, .key = key, .users = {}});
    found = std::prev(message.reactions.end());
  }
  if (std::ranges::find(found->users, user) != found->users.end()) return false;
  found->users.push_back(user);
  auto data = reaction_event(message);
  data["user_id"] = id_text(user);
  data["emoji"] = emoji;
  data["message_author_id"] = id_text(message.author);
  data["burst"] = false;
  data["type"] = 0;
  if (const auto* const guild = find_guild(state, message.guild)) {
    if (const auto* const member = find_member(*guild, user)) data["member"] = member_json(state, *member);
  }
  publish_reaction(state, message, "MESSAGE_REACTION_ADD", std::move(data));
  return true;
}

bool remove_reaction(world_state& state, message_record& message, id user, std::string_view key) {
  const auto found = find_reaction(message, key);
  if (found == message.reactions.end() || std::erase(found->users, user) == 0) return false;
  auto data = reaction_event(message);
  data["user_id"] = id_text(user);
  data["emoji"] = found->emoji;
  data["burst"] = false;
  data["type"] = 0;
  if (found->users.empty()) message.reactions.erase(found);
  publish_reaction(state, message, "MESSAGE_REACTION_REMOVE", std::move(data));
  return true;
}

void remove_all_reactions(world_state& state, message_record& message) {
  message.reactions.clear();
  publish_reaction(state, message, "MESSAGE_REACTION_REMOVE_ALL", reaction_event(message));
}

void remove_emoji_reactions(world_state& state, message_record& message, std::string_view key) {
  const auto found = find_reaction(message, key);
  if (found == message.reactions.end()) return;
  auto data = reaction_event(message);
  data["emoji"] = found->emoji;
  message.reactions.erase(found);
  publish_reaction(state, message, "MESSAGE_REACTION_REMOVE_EMOJI", std::move(data));
}

void set_pinned(world_state& state, channel_record& channel, message_record& message, bool pinned,
                const actor& by) {
  if (message.pinned_at.has_value() == pinned) return;
  const auto now = state.clock.wall_now();
  message.pinned_at = pinned ? std::optional(now) : std::nullopt;
  message.fields["pinned"] = pinned;
  if (pinned) channel.last_pin = now;
  json::object data{{"channel_id", id_text(channel.channel)}};
  if (channel.guild != 0) data["guild_id"] = id_text(channel.guild);
  data["last_pin_timestamp"] =
      channel.last_pin ? json::value(timestamp(*channel.last_pin)) : json::value(nullptr);
  publish_channel(state, channel, "CHANNEL_PINS_UPDATE", data, intent::guilds, intent::direct_messages);
  publish_message_update(state, message);
  if (auto* const guild = find_guild(state, channel.guild)) {
    audit(state, *guild, by,
          {.action = pinned ? 74 : 75,
           .target = message.author,
           .options = {{"channel_id", id_text(channel.channel)}, {"message_id", id_text(message.message)}}});
  }
  if (!pinned) return;
  json::object reference{
      {"type", 0}, {"channel_id", id_text(channel.channel)}, {"message_id", id_text(message.message)}};
  if (channel.guild != 0) reference["guild_id"] = id_text(channel.guild);
  message_draft notice{.author = by.user, .type = 6};
  notice.fields["message_reference"] = std::move(reference);
  create_message(state, channel, std::move(notice));
}

void publish_typing(world_state& state, const channel_record& channel, id user) {
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(state.clock.wall_now()).time_since_epoch().count();
  json::object data{
      {"channel_id", id_text(channel.channel)}, {"user_id", id_text(user)}, {"timestamp", seconds}};
  if (const auto* const guild = find_guild(state, channel.guild)) {
    data["guild_id"] = id_text(channel.guild);
    if (const auto* const member = find_member(*guild, user)) data["member"] = member_json(state, *member);
  }
  publish_channel(state, channel, "TYPING_START", data, intent::guild_message_typing,
                  intent::direct_message_typing);
}

channel_record& open_dm(world_state& state, id bot, id user) {
  for (auto& [_, channel] : state.channels) {
    if (channel.type == channel_type::dm && channel.recipients == std::vector{bot, user}) return channel;
  }
  channel_record channel;
  channel.channel = state.mint_id();
  channel.type = channel_type::dm;
  channel.recipients = {bot, user};
  const id which = channel.channel;
  return state.channels.emplace(which, std::move(channel)).first->second;
}

}  // namespace guildfleet::sim
