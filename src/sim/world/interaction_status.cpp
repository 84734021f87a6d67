// What the control API tells of an interaction.
#include "sim/world/interactions.hpp"
#include "sim/world/member_actions.hpp"
#include "sim/world/render.hpp"

namespace guildfleet::sim {

namespace {

json::value milliseconds(const std::optional<std::chrono::milliseconds>& time) {
  return time ? json::value(time->count()) : json::value(nullptr);
}

void add_reply(world_state& state, const interaction_record& interaction, json::object& out) {
  json::array followups;
  std::string content;
  for (const id which : interaction.followups) {
    const auto* const message = find_reply(state, interaction, which);
    if (message == nullptr) continue;
    if (content.empty()) content = text_field(message->fields, "content");
    followups.push_back(message_json(state, *message, 0));
  }
  out["followups"] = std::move(followups);
  if (const auto* const reply = original_message(state, interaction)) {
    const auto text = text_field(reply->fields, "content");
    if (!text.empty() || content.empty()) content = text;
    out["reply"] = message_json(state, *reply, 0);
  }
  out["content"] = content;
}

}  // namespace

base::result<boost::json::object> member_actions::interaction_status(id interaction) const {
  auto& state = world_.state();
  const auto* const found = find_interaction(state, interaction);
  if (found == nullptr) return base::fail(world_error::unknown_interaction, id_text(interaction));
  const auto now = state.clock.steady_now();
  json::object out{{"id", id_text(found->interaction)},
                   {"type", static_cast<int>(found->type)},
                   {"application_id", id_text(found->application)},
                   {"guild_id", id_text(found->guild)},
                   {"channel_id", id_text(found->channel)},
                   {"user_id", id_text(found->user)},
                   {"name", found->name},
                   {"acked", found->callback.has_value()},
                   {"answered", found->answered_after.has_value()},
                   {"callback_type", nullptr},
                   {"deferred", false},
                   {"ephemeral", found->ephemeral},
                   {"ack_ms", milliseconds(found->acked_after)},
                   {"reply_ms", milliseconds(found->answered_after)},
                   {"edits", found->edits},
                   {"expired", !found->callback && now - found->created > interaction_answer_time}};
  if (found->callback) {
    const auto type = *found->callback;
    out["callback_type"] = static_cast<int>(type);
    out["deferred"] = type == callback_type::deferred_message || type == callback_type::deferred_update;
  }
  if (!found->modal.empty()) out["modal"] = found->modal;
  if (!found->choices.empty()) out["choices"] = found->choices;
  add_reply(state, *found, out);
  return out;
}

}  // namespace guildfleet::sim
