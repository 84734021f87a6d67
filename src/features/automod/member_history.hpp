// What members wrote lately, for the rules that count: bounded, in memory, gone with the process.
#pragma once

#include <cstdint>
#include <list>
#include <unordered_map>
#include <vector>

#include "discord/model/ids.hpp"

namespace guildfleet::features::automod_rules {

inline constexpr std::size_t most_members = 10'000;  // of a shard; who wrote longest ago is forgotten first
inline constexpr std::size_t most_messages = 30;     // of a member

struct written_message {
  discord::message_id id;
  discord::channel_id channel;
  std::uint64_t fingerprint = 0;  // of what it says; 0: nothing that could be compared
  bool condemned = false;
};

struct member_key {
  discord::guild_id guild;
  discord::user_id user;
  bool operator==(const member_key&) const = default;
};

struct written_by {
  member_key who;
  std::vector<written_message> messages{};  // the oldest first
  std::optional<base::wall_time> penalized{};
};

class member_history final {
 public:
  // The member's, made when there is none; valid until the next call.
  [[nodiscard]] written_by& of(member_key who);
  void forget(discord::guild_id guild);
  [[nodiscard]] std::size_t members() const { return by_member_.size(); }

 private:
  struct hash {
    std::size_t operator()(const member_key& key) const noexcept {
      return std::hash<discord::guild_id>{}(key.guild) * 31 + std::hash<discord::user_id>{}(key.user);
    }
  };
  std::list<written_by> latest_first_;
  std::unordered_map<member_key, std::list<written_by>::iterator, hash> by_member_;
};

// Adds it, unless it is there already (an event may come twice), and drops those from before `since` and what
// is too many.
void remember(written_by& by, written_message message, base::wall_time since);

}  // namespace guildfleet::features::automod_rules
