#include "sim/world/interaction.hpp"

namespace guildfleet::sim {

namespace {

bool callback_fits(const interaction_record& interaction, int type) {
  const auto kind = interaction.type;
  switch (type) {
    case 4:
    case 5:
      return kind != interaction_type::autocomplete;
    case 6:
    case 7:
      return kind == interaction_type::component ||
             (kind == interaction_type::modal_submit && interaction.source_message != 0);
    case 8:
      return kind == interaction_type::autocomplete;
    case 9:
      return kind == interaction_type::command || kind == interaction_type::component;
    default:
      return false;
  }
}

}  // namespace

callback_verdict judge_callback(const interaction_record& interaction, int type, base::steady_time now) {
  if (interaction.callback) return callback_verdict::already_acknowledged;
  if (now - interaction.created > interaction_answer_time) return callback_verdict::unknown_interaction;
  return callback_fits(interaction, type) ? callback_verdict::allowed : callback_verdict::wrong_type;
}

bool token_alive(const interaction_record& interaction, base::steady_time now) {
  return now - interaction.created <= interaction_token_time;
}

}  // namespace guildfleet::sim
