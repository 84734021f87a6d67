#include "sim/world/interactions.hpp"

#include <algorithm>

#include "sim/world/permissions.hpp"
#include "sim/world/render.hpp"

namespace guildfleet::sim {

namespace {

constexpr std::int64_t attachment_size_limit = std::int64_t{10} * 1024 * 1024;

void notify(const world_state& state, const interaction_record& interaction) {
  if (state.interaction_observer) state.interaction_observer(interaction.interaction);
}

std::chrono::milliseconds age(const world_state& state, const interaction_record& interaction) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(state.clock.steady_now() -
                                                               interaction.created);
}

void forget_oldest(world_state& state) {
  while (state.interactions.size() >= state.settings.interactions_kept && !state.interactions.empty()) {
    state.interaction_tokens.erase(state.interactions.begin()->second.token);
    state.interactions.erase(state.interactions.begin());
  }
}

json::object owners_json(const interaction_record& interaction) {
  return {{"0", id_text(interaction.guild)}};
}

json::object metadata_json(const world_state& state, const interaction_record& interaction) {
  json::object out{{"id", id_text(interaction.interaction)},
                   {"type", static_cast<int>(interaction.type)},
                   {"user", user_json(state, interaction.user)},
                   {"authorizing_integration_owners", owners_json(interaction)}};
  if (interaction.type == interaction_type::command) {
    out["name"] = interaction.name;
    out["command_type"] = 1;
  }
  if (interaction.type == interaction_type::component) {
    out["interacted_message_id"] = id_text(interaction.source_message);
  }
  if (interaction.type == interaction_type::modal_submit) {
    out["triggering_interaction_metadata"] = interaction.metadata;
  }
  return out;
}

json::object partial_channel(const world_state& state, const channel_record& channel, id user) {
  auto out = channel_json(state, channel);
  for (const auto* key :
       {"permission_overwrites", "bitrate", "rtc_region", "user_limit", "video_quality_mode"}) {
    out.erase(key);
  }
  out["permissions"] = id_text(channel_permissions(state, channel, user));
  return out;
}

json::object payload(const world_state& state, const interaction_record& interaction, json::object data,
                     std::string_view locale) {
  const auto& guild = state.guilds.at(interaction.guild);
  const auto& channel = state.channels.at(interaction.channel);
  auto member = member_json(state, guild.members.at(interaction.user));
  member["permissions"] = id_text(channel_permissions(state, channel, interaction.user));
  const auto& guild_locale = guild.fields.at("preferred_locale");
  return {{"id", id_text(interaction.interaction)},
          {"application_id", id_text(interaction.application)},
          {"type", static_cast<int>(interaction.type)},
          {"token", interaction.token},
          {"version", 1},
          {"data", std::move(data)},
          {"guild", json::object{{"id", id_text(guild.guild)},
                                 {"locale", guild_locale},
                                 {"features", guild.fields.at("features")}}},
          {"guild_id", id_text(guild.guild)},
          {"guild_locale", guild_locale},
          {"channel", partial_channel(state, channel, interaction.user)},
          {"channel_id", id_text(channel.channel)},
          {"member", std::move(member)},
          {"locale", locale},
          {"app_permissions", id_text(channel_permissions(state, channel, interaction.application))},
          {"entitlements", json::array()},
          {"entitlement_sku_ids", json::array()},
          {"authorizing_integration_owners", owners_json(interaction)},
          {"context", 0},
          {"attachment_size_limit", attachment_size_limit}};
}

}  // namespace

interaction_record& open_interaction(world_state& state, interaction_record draft, json::object data,
                                     std::string_view locale, const message_record* source) {
  forget_oldest(state);
  draft.interaction = state.mint_id();
  draft.token = random_token(state, 120);
  draft.created = state.clock.steady_now();
  draft.locale = locale;
  draft.metadata = metadata_json(state, draft);
  auto body = payload(state, draft, std::move(data), locale);
  if (source != nullptr) body["message"] = message_json(state, *source, draft.application);
  const id which = draft.interaction;
  state.interaction_tokens[draft.token] = which;
  auto& kept = state.interactions.emplace(which, std::move(draft)).first->second;
  publish_bot(state, kept.application, kept.guild, "INTERACTION_CREATE", std::move(body), 0);
  return kept;
}

interaction_record* find_interaction(world_state& state, id interaction) {
  const auto found = state.interactions.find(interaction);
  return found == state.interactions.end() ? nullptr : &found->second;
}

interaction_record* find_interaction(world_state& state, id application, std::string_view token) {
  const auto which = state.interaction_tokens.find(std::string(token));
  if (which == state.interaction_tokens.end()) return nullptr;
  auto* const found = find_interaction(state, which->second);
  return found == nullptr || (application != 0 && found->application != application) ? nullptr : found;
}

namespace {

message_record& reply(world_state& state, interaction_record& interaction, message_draft draft, int type) {
  draft.author = interaction.application;
  draft.application = interaction.application;
  draft.webhook = interaction.application;
  draft.interaction_metadata = interaction.metadata;
  draft.users_only_by_default = true;
  draft.type = type;
  return create_message(state, state.channels.at(interaction.channel), std::move(draft));
}

bool is_ephemeral(const json::object& fields) {
  return (static_cast<bits>(int_field(fields, "flags")) & message_flag::ephemeral) != 0;
}

}  // namespace

message_record* answer_interaction(world_state& state, interaction_record& interaction, callback_type type,
                                   message_draft draft) {
  interaction.callback = type;
  interaction.acked_after = age(state, interaction);
  message_record* shown = nullptr;
  switch (type) {
    case callback_type::message:
    case callback_type::deferred_message: {
      interaction.ephemeral = is_ephemeral(draft.fields);
      interaction.deferral_open = type == callback_type::deferred_message;
      if (interaction.deferral_open) {
        const bits flags = message_flag::loading | (interaction.ephemeral ? message_flag::ephemeral : 0);
        draft.fields = {{"flags", flags}};
      }
      shown = &reply(state, interaction, std::move(draft),
                     interaction.type == interaction_type::command ? 20 : 0);
      interaction.original = shown->message;
      break;
    }
    case callback_type::update_message:
      interaction.original = interaction.source_message;
      shown = original_message(state, interaction);
      if (shown != nullptr) update_message(state, *shown, draft.fields);
      break;
    case callback_type::deferred_update:
      interaction.original = interaction.source_message;
      break;
    case callback_type::autocomplete_result:
    case callback_type::modal:
      break;
  }
  if (type != callback_type::deferred_message && type != callback_type::deferred_update) {
    interaction.answered_after = interaction.acked_after;
  }
  notify(state, interaction);
  return shown;
}

void answer_with_data(world_state& state, interaction_record& interaction, callback_type type,
                      json::object data) {
  if (type == callback_type::modal) {
    interaction.modal = std::move(data);
  } else if (type == callback_type::autocomplete_result) {
    if (const auto* const choices = array_field(data, "choices")) interaction.choices = *choices;
  }
  answer_interaction(state, interaction, type, {});
}

message_record* original_message(world_state& state, const interaction_record& interaction) {
  if (!interaction.callback || interaction.original_deleted || interaction.original == 0) return nullptr;
  return find_reply(state, interaction, interaction.original);
}

void reply_edited(world_state& state, interaction_record& interaction) {
  ++interaction.edits;
  if (!interaction.answered_after) interaction.answered_after = age(state, interaction);
  notify(state, interaction);
}

void edit_original(world_state& state, interaction_record& interaction, const json::object& changes) {
  auto* const message = original_message(state, interaction);
  if (message == nullptr) return;
  const bool first = interaction.deferral_open;
  if (first) {
    const auto flags = static_cast<bits>(int_field(message->fields, "flags")) & ~message_flag::loading;
    message->fields["flags"] = flags;
    interaction.deferral_open = false;
  }
  update_message(state, *message, changes, !first);
  reply_edited(state, interaction);
}

void delete_original(world_state& state, interaction_record& interaction) {
  delete_reply(state, interaction, interaction.original);
  interaction.original_deleted = true;
}

message_record& create_followup(world_state& state, interaction_record& interaction, message_draft draft) {
  auto& message = reply(state, interaction, std::move(draft), 0);
  interaction.followups.push_back(message.message);
  if (!interaction.answered_after) interaction.answered_after = age(state, interaction);
  notify(state, interaction);
  return message;
}

message_record* find_reply(world_state& state, const interaction_record& interaction, id message) {
  if (const auto hidden = state.ephemeral_messages.find(message); hidden != state.ephemeral_messages.end()) {
    return &hidden->second;
  }
  return find_message(state, interaction.channel, message);
}

void delete_reply(world_state& state, interaction_record& interaction, id message) {
  if (state.ephemeral_messages.erase(message) == 0) {
    if (auto* const channel = find_channel(state, interaction.channel))
      delete_message(state, *channel, message);
  }
  notify(state, interaction);
}

}  // namespace guildfleet::sim
