// Events that change guild state, as plain values. Every `d` has 64 readable bytes behind it; names are views
// that live until this thread reads its next JSON text. nullopt: not the JSON that the event promises.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "discord/model/guild_record.hpp"

namespace guildfleet::discord {

struct ready_event {
  user_id self;
  std::vector<guild_id> guilds;
};

// GUILD_CREATE and GUILD_UPDATE; `record` holds only what the event has.
struct guild_event {
  guild_record record;
  bool unavailable = false;
  bool has_name = false;
  bool has_owner = false;
  bool has_system_channel = false;
  bool has_locale = false;
  bool has_roles = false;
  bool has_emojis = false;
  bool has_channels = false;  // a whole guild
  bool has_self = false;
};

struct guild_deleted_event {
  guild_id guild;
  bool unavailable = false;
};

struct channel_event {
  guild_id guild;
  channel_data channel;  // its overwrites are a view of those below
  std::vector<overwrite> overwrites;
};

struct thread_list_event {
  guild_id guild;
  bool whole_guild = true;
  std::vector<channel_id> channels;
  std::vector<channel_data> threads;
};

// GUILD_ROLE_DELETE has the id alone.
struct role_event {
  guild_id guild;
  role_data role;
};

struct emojis_event {
  guild_id guild;
  std::vector<emoji_data> emojis;
};

struct member_event {
  guild_id guild;
  user_id user;
  own_member member;
};

struct voice_event {
  guild_id guild;
  user_id user;
  channel_id channel;
};

[[nodiscard]] std::optional<ready_event> read_ready_event(std::string_view d);
// Of the members only `self` is read.
[[nodiscard]] std::optional<guild_event> read_guild_event(std::string_view d, user_id self);
[[nodiscard]] std::optional<guild_deleted_event> read_guild_deleted_event(std::string_view d);
[[nodiscard]] std::optional<channel_event> read_channel_event(std::string_view d);
[[nodiscard]] std::optional<thread_list_event> read_thread_list_event(std::string_view d);
[[nodiscard]] std::optional<role_event> read_role_event(std::string_view d);
[[nodiscard]] std::optional<emojis_event> read_emojis_event(std::string_view d);
[[nodiscard]] std::optional<member_event> read_member_event(std::string_view d);
[[nodiscard]] std::optional<voice_event> read_voice_event(std::string_view d);

}  // namespace guildfleet::discord
