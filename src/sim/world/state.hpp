// The records of the simulated Discord. Plain data: functions of this folder keep it consistent and publish
// events. What Discord only stores and gives back lies in `fields` as JSON, ready to be sent; what decides
// something is typed.
#pragma once

#include <boost/json/array.hpp>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.hpp"
#include "sim/world/attachments.hpp"
#include "sim/world/bits.hpp"
#include "sim/world/ids.hpp"
#include "sim/world/interaction.hpp"
#include "sim/world/world.hpp"

namespace guildfleet::sim {

struct user_record {
  id user = 0;
  std::string username{};
  std::string global_name{};  // empty: null
  bool bot = false;
  std::string discriminator = "0";
};

struct overwrite {
  id target = 0;
  int type = 0;  // 0 role, 1 member
  bits allow = 0;
  bits deny = 0;
};

struct role_record {
  id role = 0;
  json::object fields{};  // name, color, colors, hoist, icon, unicode_emoji, mentionable, flags, tags
  bits permissions = 0;
  int position = 0;
  bool managed = false;
};

struct member_record {
  id user = 0;
  std::optional<std::string> nick{};
  std::vector<id> roles{};  // without @everyone
  base::wall_time joined_at{};
  std::optional<base::wall_time> timed_out_until{};
  bool deaf = false;
  bool mute = false;
  bool pending = false;
  std::int64_t flags = 0;
};

struct voice_state_record {
  id user = 0;
  id channel = 0;
  std::string session{};
  bool self_mute = false;
  bool self_deaf = false;
  bool suppress = false;
};

struct reaction_record {
  json::object emoji{};  // {id, name, animated?}
  std::string key{};     // the name of a unicode emoji, the id of another
  std::vector<id> users{};
};

struct message_record {
  id message = 0;
  id channel = 0;
  id guild = 0;  // 0: direct message
  id author = 0;
  json::object fields{};  // the message as Discord sends it, without reactions
  std::vector<reaction_record> reactions{};
  std::optional<base::wall_time> pinned_at{};
};

struct thread_part {
  id owner = 0;
  bool archived = false;
  bool locked = false;
  bool invitable = true;
  int auto_archive_minutes = 4320;
  base::wall_time archive_changed{};
  base::wall_time created{};
  std::map<id, base::wall_time> members{};
  int message_count = 0;
  int total_message_sent = 0;
};

struct channel_record {
  id channel = 0;
  id guild = 0;  // 0: direct message
  int type = 0;
  json::object fields{};  // name, topic, nsfw, rate_limit_per_user, bitrate, user_limit, ...
  int position = 0;
  id parent = 0;
  std::vector<overwrite> overwrites{};
  id last_message = 0;
  std::optional<base::wall_time> last_pin{};
  std::map<id, message_record> messages{};
  std::optional<thread_part> thread{};
  std::vector<id> recipients{};  // direct messages: both sides
  std::optional<std::string> voice_status{};
};

struct ban_record {
  id user = 0;
  std::optional<std::string> reason{};
};

struct invite_record {
  std::string code{};
  id guild = 0;
  id channel = 0;
  id inviter = 0;
  base::wall_time created{};
  int max_age = 86400;  // seconds; 0: never expires
  int max_uses = 0;
  bool temporary = false;
  int uses = 0;
};

struct webhook_record {
  id webhook = 0;
  id guild = 0;
  id channel = 0;
  std::string name{};
  std::string token{};
  id owner = 0;        // user
  id application = 0;  // who made it
  json::value avatar{};
};

struct guild_record {
  id guild = 0;
  id owner = 0;
  json::object fields;  // name, features, verification_level, ... everything without a record of its own
  std::map<id, role_record> roles;
  std::vector<id> channels;  // threads included
  std::map<id, member_record> members;
  std::map<id, voice_state_record> voice_states;
  std::map<id, ban_record> bans;
  json::array emojis;
  std::deque<json::object> audit_log;  // oldest first, bounded
  std::vector<id> bots;                // application ids, ascending
  bool unavailable = false;
};

struct bot_record {
  bot_account account{};
  std::string description{};
  std::string status = "offline";
  json::array activities{};
  std::deque<base::wall_time> command_creates{};
};

// Commands of one application, global (guild 0) or of one guild.
using command_scope = std::pair<id, id>;

struct world_state {
  world_state(const base::clock& time, world_settings wanted)
      : clock(time), settings(std::move(wanted)), random(settings.seed) {}

  const base::clock& clock;
  world_settings settings;
  id_mint mint;
  base::random_source random;
  event_sink* sink = nullptr;
  std::vector<world_event>* captured = nullptr;  // when set, events are kept here instead of published

  std::map<id, bot_record> bots;
  std::unordered_map<std::string, id> tokens;
  std::unordered_map<id, user_record> users;
  std::unordered_map<id, guild_record> guilds;
  std::vector<id> guild_order;
  std::unordered_map<id, channel_record> channels;
  std::unordered_map<std::string, invite_record> invites;
  std::map<id, webhook_record> webhooks;
  std::map<command_scope, std::map<id, json::object>> commands;
  std::map<id, interaction_record> interactions;
  std::unordered_map<std::string, id> interaction_tokens;
  std::map<id, message_record> ephemeral_messages;
  attachment_shelf attachments;
  std::function<void(id)> interaction_observer;

  [[nodiscard]] id mint_id() { return mint.next(clock.wall_now()); }
};

// nullptr when there is none.
[[nodiscard]] guild_record* find_guild(world_state& state, id guild);
[[nodiscard]] const guild_record* find_guild(const world_state& state, id guild);
[[nodiscard]] channel_record* find_channel(world_state& state, id channel);
[[nodiscard]] const channel_record* find_channel(const world_state& state, id channel);
[[nodiscard]] const user_record* find_user(const world_state& state, id user);
[[nodiscard]] member_record* find_member(guild_record& guild, id user);
[[nodiscard]] const member_record* find_member(const guild_record& guild, id user);
// Looks through the channel, or through all when `channel` is 0; ephemeral messages only in the latter case.
[[nodiscard]] message_record* find_message(world_state& state, id channel, id message);
[[nodiscard]] std::string random_token(world_state& state, std::size_t length);

}  // namespace guildfleet::sim
