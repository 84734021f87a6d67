// What one shard knows of its guilds: kept from events, read by features, stored beside the session ledger.
//
// Holds guilds with channels, threads, overwrites, roles, emojis, voice states and the own member; no other
// members. One shard, one thread, no locks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "discord/model/event_type.hpp"
#include "discord/model/guild_json.hpp"
#include "discord/model/guild_record.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::discord {

enum class effect_kind : std::uint8_t {
  none,                    // not about guild state, or nothing new
  changed,                 // something that is kept is different now
  guild_joined,            // the bot was added to a guild
  guild_became_available,  // at the start, or after an outage
  guild_left,              // the bot was removed or the guild deleted: its settings may go
  guild_unavailable,       // an outage: everything is kept
  unknown_guild,           // an event of a guild that is not here (fetch it by REST)
};

struct effect {
  effect_kind kind = effect_kind::none;
  guild_id guild;
  bool operator==(const effect&) const = default;
};

struct dirty_guild {
  guild_id guild;
  bool removed = false;
  bool operator==(const dirty_guild&) const = default;
};

class guild_state final {
 public:
  // The own user's id when it is known already (READY and restore tell it).
  explicit guild_state(user_id self = {}) : self_(self) {}

  // `d` is an event's payload with 64 readable bytes behind it. Events that carry no guild state are cheap to
  // pass. Errors: gateway_error::malformed_message; what was read before the fault may have been applied.
  [[nodiscard]] base::result<effect> apply(event_type type, std::string_view d);

  [[nodiscard]] user_id self() const { return self_; }
  void know_self(user_id self) { self_ = self; }
  [[nodiscard]] std::size_t guild_count() const { return guilds_.size(); }
  [[nodiscard]] std::size_t unavailable_count() const { return unavailable_; }
  // Guilds of READY's list that have not been heard of since; 0 means fully loaded.
  [[nodiscard]] std::size_t loading_count() const { return loading_.size(); }
  [[nodiscard]] std::vector<guild_id> guild_ids() const;
  // Memory of all that is kept; looks at every guild.
  [[nodiscard]] std::size_t bytes_approx() const;

  // Null when not known. An unavailable guild answers with what was last known. Valid until the next apply or
  // restore.
  [[nodiscard]] const guild_record* find_guild(guild_id guild) const;

  // nullopt when guild or channel is not known.
  [[nodiscard]] std::optional<permission_set> permissions_of_self(guild_id guild, channel_id channel,
                                                                  base::wall_time now) const;
  [[nodiscard]] std::optional<permission_set> base_permissions_of_self(guild_id guild) const;

  // A versioned binary text with a checksum; empty when the guild is not known.
  [[nodiscard]] std::string serialize(guild_id guild) const;
  // Puts one serialized guild back. False, and nothing changed, when the bytes are not what serialize wrote.
  // Restored guilds are not dirty.
  [[nodiscard]] bool restore(std::span<const std::byte> bytes);
  [[nodiscard]] bool restore(std::string_view bytes) { return restore(std::as_bytes(std::span(bytes))); }

  // Guilds that changed since the last call, ascending by id; the caller stores them with the watermark.
  [[nodiscard]] std::vector<dirty_guild> take_dirty();
  [[nodiscard]] bool has_dirty() const { return !dirty_.empty(); }

 private:
  [[nodiscard]] effect on_ready(const ready_event& event);
  [[nodiscard]] effect on_guild_create(guild_event&& event);
  [[nodiscard]] effect on_guild_update(guild_event&& event);
  [[nodiscard]] effect on_guild_delete(const guild_deleted_event& event);
  [[nodiscard]] effect on_channel(event_type type, const channel_event& event);
  [[nodiscard]] effect on_thread_list(const thread_list_event& event);
  [[nodiscard]] effect on_role(event_type type, const role_event& event);
  [[nodiscard]] effect on_emojis(const emojis_event& event);
  [[nodiscard]] effect on_member(event_type type, member_event&& event);
  [[nodiscard]] effect on_voice(const voice_event& event);

  void set_available(guild_record& guild, bool available);
  void remove(guild_id guild);
  // Marks the guild as changed; unknown_guild when it is not here.
  template <class Change>
  [[nodiscard]] effect change(guild_id guild, Change apply_to);

  user_id self_;
  std::unordered_map<guild_id, guild_record> guilds_;
  std::unordered_set<guild_id> loading_;
  std::unordered_set<guild_id> dirty_;
  std::size_t unavailable_ = 0;
};

}  // namespace guildfleet::discord
