#include "sim/world/state.hpp"

namespace guildfleet::sim {

namespace {

template <class Map, class Key>
auto* find_in(Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

guild_record* find_guild(world_state& state, id guild) {
  return find_in(state.guilds, guild);
}
const guild_record* find_guild(const world_state& state, id guild) {
  return find_in(state.guilds, guild);
}
channel_record* find_channel(world_state& state, id channel) {
  return find_in(state.channels, channel);
}
const channel_record* find_channel(const world_state& state, id channel) {
  return find_in(state.channels, channel);
}
const user_record* find_user(const world_state& state, id user) {
  return find_in(state.users, user);
}
member_record* find_member(guild_record& guild, id user) {
  return find_in(guild.members, user);
}
const member_record* find_member(const guild_record& guild, id user) {
  return find_in(guild.members, user);
}

message_record* find_message(world_state& state, id channel, id message) {
  if (channel != 0) {
    auto* const where = find_channel(state, channel);
    return where == nullptr ? nullptr : find_in(where->messages, message);
  }
  if (auto* const hidden = find_in(state.ephemeral_messages, message)) return hidden;
  for (auto& [_, where] : state.channels) {
    if (auto* const found = find_in(where.messages, message)) return found;
  }
  return nullptr;
}

std::string random_token(world_state& state, std::size_t length) {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  text.reserve(length);
  for (std::size_t i = 0; i < length; ++i) text += letters[state.random.below(letters.size())];
  return text;
}

}  // namespace guildfleet::sim
