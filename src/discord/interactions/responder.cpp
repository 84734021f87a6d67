#include "discord/interactions/responder.hpp"

namespace guildfleet::discord {

interaction_responder::interaction_responder(interaction_type type, bool from_component,
                                             base::steady_time arrived, responder_settings settings)
    : type_(type), from_component_(from_component), arrived_(arrived), settings_(settings) {}

std::optional<base::steady_time> interaction_responder::defer_at() const {
  // Autocomplete has no defer: a late list of choices is simply not shown.
  if (state_ != state::open || type_ == interaction_type::autocomplete || type_ == interaction_type::ping) {
    return std::nullopt;
  }
  return arrived_ + settings_.defer_after;
}

std::optional<int> interaction_responder::on_timer(base::steady_time now) {
  const auto due = defer_at();
  if (!due || now < *due || expired(now)) return std::nullopt;
  state_ = state::deferred;
  const bool may_update =
      type_ == interaction_type::component || (type_ == interaction_type::modal_submit && from_component_);
  original_is_the_components_ = update_ && may_update;
  return original_is_the_components_ ? 6 : 5;
}

answer_route interaction_responder::route_answer(base::steady_time now) {
  const bool is_first = state_ == state::open;
  if (expired(now) || (!is_first && type_ == interaction_type::autocomplete)) return answer_route::refuse;
  state_ = state::answered;
  if (is_first) return answer_route::callback;
  return original_is_the_components_ ? answer_route::followup : answer_route::edit_original;
}

answer_route interaction_responder::route_update(base::steady_time now) {
  const bool is_first = state_ == state::open;
  if (expired(now) || type_ == interaction_type::autocomplete) return answer_route::refuse;
  state_ = state::answered;
  if (!is_first) return answer_route::edit_original;
  original_is_the_components_ = true;
  return answer_route::callback;
}

answer_route interaction_responder::route_followup(base::steady_time now) {
  // Before the first answer a follow-up would be refused; directly after a defer with 5 it would replace it.
  const bool has_original = state_ == state::answered || (deferred() && original_is_the_components_);
  if (expired(now) || !has_original || type_ == interaction_type::autocomplete) return answer_route::refuse;
  state_ = state::answered;
  return answer_route::followup;
}

bool interaction_responder::may_show_modal(base::steady_time now) {
  const bool fits = type_ == interaction_type::command || type_ == interaction_type::component;
  if (!fits || expired(now) || state_ != state::open) return false;
  state_ = state::answered;
  return true;
}

void interaction_responder::on_first_answer_failed() {
  state_ = state::open;
  original_is_the_components_ = false;
}

}  // namespace guildfleet::discord
