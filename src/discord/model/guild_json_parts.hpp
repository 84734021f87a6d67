// The objects inside guild events. Include it in .cpp files only.
#pragma once

#include <vector>

#include "discord/model/guild_json.hpp"
#include "discord/model/json_fields.hpp"

namespace guildfleet::discord {

// Each false when the JSON is broken.
[[nodiscard]] bool read_channel(json_value& value, channel_event& out);
[[nodiscard]] bool read_role(json_value& value, role_data& out);
[[nodiscard]] bool read_emojis(json_value& value, std::vector<emoji_data>& out);
[[nodiscard]] bool read_member_field(std::string_view key, json_value& value, member_event& out);
[[nodiscard]] bool read_voice_field(std::string_view key, json_value& value, voice_event& out);
[[nodiscard]] bool read_channel_field(std::string_view key, json_value& value, channel_event& out);
// Permission bits are strings.
[[nodiscard]] permission_set read_permissions(json_value& value);

}  // namespace guildfleet::discord
