#include "discord/model/intents.hpp"

#include <array>

namespace guildfleet::discord {
namespace {

struct intent_name {
  intent value;
  std::string_view name;
};

constexpr std::array names{
    intent_name{intent::guilds, "GUILDS"},
    intent_name{intent::guild_members, "GUILD_MEMBERS"},
    intent_name{intent::guild_moderation, "GUILD_MODERATION"},
    intent_name{intent::guild_expressions, "GUILD_EXPRESSIONS"},
    intent_name{intent::guild_integrations, "GUILD_INTEGRATIONS"},
    intent_name{intent::guild_webhooks, "GUILD_WEBHOOKS"},
    intent_name{intent::guild_invites, "GUILD_INVITES"},
    intent_name{intent::guild_voice_states, "GUILD_VOICE_STATES"},
    intent_name{intent::guild_presences, "GUILD_PRESENCES"},
    intent_name{intent::guild_messages, "GUILD_MESSAGES"},
    intent_name{intent::guild_message_reactions, "GUILD_MESSAGE_REACTIONS"},
    intent_name{intent::guild_message_typing, "GUILD_MESSAGE_TYPING"},
    intent_name{intent::direct_messages, "DIRECT_MESSAGES"},
    intent_name{intent::direct_message_reactions, "DIRECT_MESSAGE_REACTIONS"},
    intent_name{intent::direct_message_typing, "DIRECT_MESSAGE_TYPING"},
    intent_name{intent::message_content, "MESSAGE_CONTENT"},
    intent_name{intent::guild_scheduled_events, "GUILD_SCHEDULED_EVENTS"},
    intent_name{intent::auto_moderation_configuration, "AUTO_MODERATION_CONFIGURATION"},
    intent_name{intent::auto_moderation_execution, "AUTO_MODERATION_EXECUTION"},
    intent_name{intent::guild_message_polls, "GUILD_MESSAGE_POLLS"},
    intent_name{intent::direct_message_polls, "DIRECT_MESSAGE_POLLS"},
};

// Events of guilds that need another intent than GUILDS.
intent_set intents_of_guild_events(event_type type) {
  using enum event_type;
  switch (type) {
    case guild_member_add:
    case guild_member_update:
    case guild_member_remove:
      return intent::guild_members;
    case guild_audit_log_entry_create:
    case guild_ban_add:
    case guild_ban_remove:
      return intent::guild_moderation;
    case guild_emojis_update:
    case guild_stickers_update:
    case guild_soundboard_sound_create:
    case guild_soundboard_sound_update:
    case guild_soundboard_sound_delete:
    case guild_soundboard_sounds_update:
      return intent::guild_expressions;
    case guild_integrations_update:
    case integration_create:
    case integration_update:
    case integration_delete:
      return intent::guild_integrations;
    case webhooks_update:
      return intent::guild_webhooks;
    case invite_create:
    case invite_delete:
      return intent::guild_invites;
    case voice_state_update:
    case voice_channel_effect_send:
      return intent::guild_voice_states;
    case presence_update:
      return intent::guild_presences;
    case guild_scheduled_event_create:
    case guild_scheduled_event_update:
    case guild_scheduled_event_delete:
    case guild_scheduled_event_user_add:
    case guild_scheduled_event_user_remove:
      return intent::guild_scheduled_events;
    case auto_moderation_rule_create:
    case auto_moderation_rule_update:
    case auto_moderation_rule_delete:
      return intent::auto_moderation_configuration;
    case auto_moderation_action_execution:
      return intent::auto_moderation_execution;
    case thread_members_update:
      return intent::guilds | intent::guild_members;
    default:
      return {};
  }
}

intent_set intents_of_message_events(event_type type) {
  using enum event_type;
  switch (type) {
    case message_create:
    case message_update:
    case message_delete:
      return intent::guild_messages | intent::direct_messages;
    case message_delete_bulk:
      return intent::guild_messages;
    case message_reaction_add:
    case message_reaction_remove:
    case message_reaction_remove_all:
    case message_reaction_remove_emoji:
      return intent::guild_message_reactions | intent::direct_message_reactions;
    case message_poll_vote_add:
    case message_poll_vote_remove:
      return intent::guild_message_polls | intent::direct_message_polls;
    case typing_start:
      return intent::guild_message_typing | intent::direct_message_typing;
    case channel_pins_update:
      return intent::guilds | intent::direct_messages;
    default:
      return {};
  }
}

bool needs_guilds(event_type type) {
  using enum event_type;
  switch (type) {
    case guild_create:
    case guild_update:
    case guild_delete:
    case guild_role_create:
    case guild_role_update:
    case guild_role_delete:
    case channel_create:
    case channel_update:
    case channel_delete:
    case thread_create:
    case thread_update:
    case thread_delete:
    case thread_list_sync:
    case thread_member_update:
    case stage_instance_create:
    case stage_instance_update:
    case stage_instance_delete:
    case voice_channel_status_update:
    case voice_channel_start_time_update:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string_view name_of(intent one) {
  for (const auto& [value, name] : names) {
    if (value == one) return name;
  }
  return "UNKNOWN";
}

std::vector<std::string_view> names_of(intent_set set) {
  std::vector<std::string_view> result;
  for (const auto& [value, name] : names) {
    if (set.has(value)) result.push_back(name);
  }
  return result;
}

std::string_view portal_switch_of(intent one) {
  switch (one) {
    case intent::guild_members:
      return "Server Members Intent";
    case intent::guild_presences:
      return "Presence Intent";
    case intent::message_content:
      return "Message Content Intent";
    default:
      return {};
  }
}

intent_set intents_for(event_type type) {
  if (needs_guilds(type)) return intent::guilds;
  return intents_of_guild_events(type) | intents_of_message_events(type);
}

}  // namespace guildfleet::discord
