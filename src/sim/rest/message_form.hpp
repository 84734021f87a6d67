// Message bodies: checked (protocol sheet 2.6, 3.3, 3.5, 6) and turned into drafts.
#pragma once

#include "sim/rest/call.hpp"
#include "sim/world/messages.hpp"

namespace guildfleet::sim {

enum class message_use { channel, webhook, interaction, followup };

// The body (or `data` of a callback) as a draft. Empty messages are refused with 50006, limits with 50035.
[[nodiscard]] or_reply<message_draft> read_message(call& c, const json::object& body, message_use use);
// Only the fields that the edit gives; attachments already resolved against those of `message`.
[[nodiscard]] or_reply<json::object> read_edit(call& c, const json::object& body,
                                               const message_record& message);

// Embeds with all limits; the 6000 characters of all together.
void check_embeds(const form& body);
// Action rows, V2 components or a modal's labels.
void check_components(const form& body, bool modal);

}  // namespace guildfleet::sim
