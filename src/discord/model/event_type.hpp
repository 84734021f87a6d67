// Names of dispatch events (protocol sheet 1.17).
#pragma once

#include <cstdint>
#include <string_view>

namespace guildfleet::discord {

// Values are stored nowhere, so the list may grow; event_type.cpp holds one name per value in the same order.
enum class event_type : std::uint8_t {
  unknown,
  application_command_permissions_update,
  auto_moderation_action_execution,
  auto_moderation_rule_create,
  auto_moderation_rule_delete,
  auto_moderation_rule_update,
  channel_create,
  channel_delete,
  channel_info,
  channel_pins_update,
  channel_update,
  entitlement_create,
  entitlement_delete,
  entitlement_update,
  guild_audit_log_entry_create,
  guild_ban_add,
  guild_ban_remove,
  guild_create,
  guild_delete,
  guild_emojis_update,
  guild_integrations_update,
  guild_member_add,
  guild_member_remove,
  guild_member_update,
  guild_members_chunk,
  guild_role_create,
  guild_role_delete,
  guild_role_update,
  guild_scheduled_event_create,
  guild_scheduled_event_delete,
  guild_scheduled_event_update,
  guild_scheduled_event_user_add,
  guild_scheduled_event_user_remove,
  guild_soundboard_sound_create,
  guild_soundboard_sound_delete,
  guild_soundboard_sound_update,
  guild_soundboard_sounds_update,
  guild_stickers_update,
  guild_update,
  integration_create,
  integration_delete,
  integration_update,
  interaction_create,
  invite_create,
  invite_delete,
  message_create,
  message_delete,
  message_delete_bulk,
  message_poll_vote_add,
  message_poll_vote_remove,
  message_reaction_add,
  message_reaction_remove,
  message_reaction_remove_all,
  message_reaction_remove_emoji,
  message_update,
  presence_update,
  rate_limited,
  ready,
  resumed,
  soundboard_sounds,
  stage_instance_create,
  stage_instance_delete,
  stage_instance_update,
  subscription_create,
  subscription_delete,
  subscription_update,
  thread_create,
  thread_delete,
  thread_list_sync,
  thread_member_update,
  thread_members_update,
  thread_update,
  typing_start,
  user_update,
  voice_channel_effect_send,
  voice_channel_start_time_update,
  voice_channel_status_update,
  voice_server_update,
  voice_state_update,
  webhooks_update,
};

inline constexpr std::size_t event_type_count = static_cast<std::size_t>(event_type::webhooks_update) + 1;

// "MESSAGE_CREATE" -> message_create. No allocation; event_type::unknown for every other name.
[[nodiscard]] event_type event_type_of(std::string_view name) noexcept;

// "MESSAGE_CREATE"; "UNKNOWN" for event_type::unknown.
[[nodiscard]] std::string_view name_of(event_type type) noexcept;

}  // namespace guildfleet::discord
