// One guild's state in little memory: sorted arrays of fixed-size records and one arena for all names.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/channel_type.hpp"
#include "discord/model/ids.hpp"
#include "discord/model/permissions.hpp"

namespace guildfleet::discord {

// A piece of the arena. Discord's names have at most 100 code points.
struct text_ref {
  std::uint32_t offset = 0;
  std::uint16_t size = 0;
};

// A channel's overwrite for a role or a member. The kind lies in the id's top bit, which snowflakes reach in
// 2084.
struct overwrite {
  static constexpr std::uint64_t member_bit = 1ULL << 63U;

  std::uint64_t target_and_kind = 0;
  permission_set allow;
  permission_set deny;

  [[nodiscard]] static overwrite of_role(role_id role, permission_set allow, permission_set deny) {
    return {role.value & ~member_bit, allow, deny};
  }
  [[nodiscard]] static overwrite of_member(user_id member, permission_set allow, permission_set deny) {
    return {member.value | member_bit, allow, deny};
  }
  [[nodiscard]] bool is_member() const { return (target_and_kind & member_bit) != 0; }
  [[nodiscard]] std::uint64_t target() const { return target_and_kind & ~member_bit; }
  bool operator==(const overwrite&) const = default;
};

struct channel_record {
  channel_id id;
  channel_id parent;  // the category, or a thread's channel
  std::uint32_t overwrites_begin = 0;
  std::uint16_t overwrites_size = 0;
  std::uint16_t name_size = 0;
  std::uint32_t name_offset = 0;
  std::int32_t position = 0;
  channel_type type = channel_type::text;
};

struct role_record {
  role_id id;
  permission_set permissions;
  text_ref name;
  std::int32_t position = 0;
  bool managed = false;
};

struct emoji_record {
  emoji_id id;
  text_ref name;
  bool animated = false;
};

struct voice_record {
  user_id user;
  channel_id channel;
  bool operator==(const voice_record&) const = default;
};

struct own_member {
  std::vector<role_id> roles;  // without @everyone
  std::string nick;
  std::optional<base::wall_time> timed_out_until;
};

// What is written into a record; names are copied.
struct channel_data {
  channel_id id;
  channel_type type = channel_type::text;
  channel_id parent;
  std::string_view name;
  std::int32_t position = 0;
  std::span<const overwrite> overwrites;
};
struct role_data {
  role_id id;
  std::string_view name;
  std::int32_t position = 0;
  permission_set permissions;
  bool managed = false;
};
struct emoji_data {
  emoji_id id;
  std::string_view name;
  bool animated = false;
};

// Whose permissions are asked for. `roles` without @everyone.
struct member_question {
  user_id user;
  std::span<const role_id> roles;
  std::optional<base::wall_time> timed_out_until;
};

// Copyable, no locks. Views and spans that it returns live until the next change of this guild.
class guild_record final {
 public:
  guild_id id;
  user_id owner;
  channel_id system_channel;
  std::uint32_t member_count = 0;
  bool available = false;
  own_member self;

  [[nodiscard]] std::string_view name() const { return text(name_); }
  [[nodiscard]] std::string_view preferred_locale() const { return text(locale_); }
  void set_name(std::string_view name);
  void set_preferred_locale(std::string_view locale);

  // Channels and active threads, roles, emojis and voice states, each ascending by id.
  [[nodiscard]] std::span<const channel_record> channels() const { return channels_; }
  [[nodiscard]] std::span<const role_record> roles() const { return roles_; }
  [[nodiscard]] std::span<const emoji_record> emojis() const { return emojis_; }
  [[nodiscard]] std::span<const voice_record> voice_states() const { return voice_; }

  [[nodiscard]] const channel_record* find_channel(channel_id channel) const;
  [[nodiscard]] const role_record* find_role(role_id role) const;
  [[nodiscard]] const emoji_record* find_emoji(emoji_id emoji) const;
  // Empty when the user is in no voice channel.
  [[nodiscard]] channel_id voice_channel_of(user_id user) const;

  [[nodiscard]] std::string_view text(text_ref ref) const {
    return std::string_view(arena_).substr(ref.offset, ref.size);
  }
  [[nodiscard]] std::string_view name_of(const channel_record& channel) const {
    return text({channel.name_offset, channel.name_size});
  }
  [[nodiscard]] std::string_view name_of(const role_record& role) const { return text(role.name); }
  [[nodiscard]] std::string_view name_of(const emoji_record& emoji) const { return text(emoji.name); }
  [[nodiscard]] std::span<const overwrite> overwrites_of(const channel_record& channel) const {
    return std::span(overwrites_).subspan(channel.overwrites_begin, channel.overwrites_size);
  }

  // In the whole guild; roles that do not exist any more count for nothing.
  [[nodiscard]] permission_set base_permissions_of(const member_question& member) const;
  // In a channel or thread (which follows its parent), implicit rules and time-out included; nullopt when the
  // channel is not known.
  [[nodiscard]] std::optional<permission_set> permissions_of(const member_question& member,
                                                             channel_id channel, base::wall_time now) const;

  void put_channel(const channel_data& data);
  // Drops the channel's threads and the voice states in it too. False when it was not there.
  bool erase_channel(channel_id channel);
  void erase_threads_of(channel_id parent);
  void erase_all_threads();
  void put_role(const role_data& data);
  // Takes the role from the own member and from all overwrites too.
  bool erase_role(role_id role);
  void replace_emojis(std::span<const emoji_data> emojis);
  // An empty channel removes the state. False when nothing changed.
  bool put_voice(user_id user, channel_id channel);
  // Memory that it takes, its own size included; what the allocator adds is not counted.
  [[nodiscard]] std::size_t bytes_approx() const;
  // Gives back what growing left unused, and what renaming left behind.
  void compact();
  // compact() when there is much to gain.
  void tidy();

 private:
  [[nodiscard]] text_ref store(std::string_view text);
  void replace(text_ref& ref, std::string_view text);
  void put_overwrites(channel_record& channel, std::span<const overwrite> overwrites);
  void erase_voice_in(channel_id channel);

  std::string arena_;
  std::vector<channel_record> channels_;
  std::vector<overwrite> overwrites_;
  std::vector<role_record> roles_;
  std::vector<emoji_record> emojis_;
  std::vector<voice_record> voice_;
  std::uint32_t dead_text_ = 0;        // bytes of the arena nobody points at
  std::uint32_t dead_overwrites_ = 0;  // entries nobody points at
  text_ref name_;
  text_ref locale_;
};

}  // namespace guildfleet::discord
