// Interactions in the world: opening one, and what its bot does with the token. Decisions are in
// interaction.hpp; the callers here have asked them already.
#pragma once

#include "sim/world/messages.hpp"

namespace guildfleet::sim {

// Mints id and token, keeps the record and publishes INTERACTION_CREATE to the application. `data` is the
// payload's `data`; `source` the message with the component, or nullptr.
interaction_record& open_interaction(world_state& state, interaction_record draft, json::object data,
                                     std::string_view locale, const message_record* source);

[[nodiscard]] interaction_record* find_interaction(world_state& state, id interaction);
// nullptr also when the token belongs to another application (0: any).
[[nodiscard]] interaction_record* find_interaction(world_state& state, id application,
                                                   std::string_view token);

// The first response. `fields` are those of the message for the types that have one. Returns the message, if
// any.
message_record* answer_interaction(world_state& state, interaction_record& interaction, callback_type type,
                                   message_draft draft);
// Modal and autocomplete results.
void answer_with_data(world_state& state, interaction_record& interaction, callback_type type,
                      json::object data);

// nullptr when not acknowledged, deleted, or acknowledged without a message.
[[nodiscard]] message_record* original_message(world_state& state, const interaction_record& interaction);
void edit_original(world_state& state, interaction_record& interaction, const json::object& changes);
void delete_original(world_state& state, interaction_record& interaction);
message_record& create_followup(world_state& state, interaction_record& interaction, message_draft draft);
[[nodiscard]] message_record* find_reply(world_state& state, const interaction_record& interaction,
                                         id message);
void delete_reply(world_state& state, interaction_record& interaction, id message);
void reply_edited(world_state& state, interaction_record& interaction);

}  // namespace guildfleet::sim
