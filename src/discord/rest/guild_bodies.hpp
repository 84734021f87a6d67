// Bodies for channels, threads, roles, members, bans, invites and webhooks (protocol sheet 3.6 to 3.8).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "discord/model/channel_type.hpp"
#include "discord/model/ids.hpp"
#include "discord/model/permissions.hpp"
#include "discord/rest/error.hpp"
#include "discord/rest/field.hpp"

namespace guildfleet::discord {

enum class overwrite_target : std::uint8_t { role = 0, member = 1 };

struct overwrite_body {
  std::uint64_t id = 0;  // of the role or user
  overwrite_target target = overwrite_target::role;
  permission_set allow{};
  permission_set deny{};
};

// Creating (name and type needed) and editing a channel, and editing a thread.
struct channel_body {
  field<std::string> name{};
  std::optional<channel_type> type{};
  field<std::string> topic{};
  field<channel_id> parent{};
  std::optional<int> position{};
  std::optional<bool> nsfw{};
  std::optional<std::chrono::seconds> slowmode{};
  std::optional<int> bitrate{};
  std::optional<int> user_limit{};
  std::optional<std::vector<overwrite_body>> overwrites{};  // replaces all
  // threads
  std::optional<bool> archived{};
  std::optional<bool> locked{};
  std::optional<std::chrono::minutes> auto_archive{};  // 60, 1440, 4320 or 10080

  // Counts towards the hidden limit of channel names.
  [[nodiscard]] bool renames() const { return !name.absent() || !topic.absent(); }
};

struct thread_body {
  std::string name{};
  channel_type type = channel_type::public_thread;  // left out when the thread starts from a message
  std::optional<std::chrono::minutes> auto_archive{};
  std::optional<bool> invitable{};
};

struct channel_move {
  channel_id channel{};
  std::optional<int> position{};
  std::optional<bool> lock_permissions{};
  field<channel_id> parent{};  // at most one move of a call may have it (40009)
};

struct role_body {
  std::optional<std::string> name{};
  std::optional<permission_set> permissions{};
  std::optional<std::uint32_t> color{};
  std::optional<bool> hoist{};
  std::optional<bool> mentionable{};
};

struct member_edit {
  field<std::string> nick{};
  std::optional<std::vector<role_id>> roles{};  // replaces all; prefer the single-role routes (trap 41)
  std::optional<bool> mute{};
  std::optional<bool> deaf{};
  field<channel_id> voice_channel{};         // cleared: disconnect
  field<base::wall_time> timed_out_until{};  // at most 28 days ahead
};

struct invite_body {
  std::chrono::seconds max_age{86'400};  // 0: for ever
  int max_uses = 0;                      // 0: any number
  bool temporary = false;
  bool unique = false;
};

// Errors: rest_error::invalid_request, the context names the field.
[[nodiscard]] base::result<std::string> to_json(const channel_body& body);
[[nodiscard]] base::result<std::string> to_json(const thread_body& body, bool from_message);
[[nodiscard]] base::result<std::string> to_json(const std::vector<channel_move>& moves);
[[nodiscard]] base::result<std::string> to_json(const role_body& body);
[[nodiscard]] base::result<std::string> to_json(const member_edit& body);
[[nodiscard]] base::result<std::string> to_json(const invite_body& body);
// For put_overwrite; the id goes into the path.
[[nodiscard]] std::string to_json(const overwrite_body& body);
[[nodiscard]] base::result<std::string> ban_json(std::chrono::seconds delete_messages_of);
[[nodiscard]] base::result<std::string> bulk_delete_json(const std::vector<message_id>& messages);
[[nodiscard]] base::result<std::string> webhook_json(std::string_view name);

}  // namespace guildfleet::discord
