// Interaction callbacks (protocol sheet 3.2). @original and follow-ups are webhook routes.
#include <array>

#include "sim/rest/command_form.hpp"
#include "sim/rest/message_form.hpp"
#include "sim/rest/router.hpp"
#include "sim/world/interactions.hpp"

namespace guildfleet::sim {

namespace {

reply invalid_type() {
  form_errors errors;
  errors.add("type", "BASE_TYPE_CHOICES", "This callback type does not answer this interaction.");
  return errors.to_reply();
}

const json::object& data_of(const call& c) {
  static const json::object empty;
  const auto* const data = object_field(c.object(), "data");
  return data == nullptr ? empty : *data;
}

std::optional<reply> check_modal(const json::object& data) {
  form_errors errors;
  json::object taken;
  const form body(data, errors);
  for (const auto* key : {"custom_id", "title", "components"}) body.require(key);
  body.take_text("custom_id", {1, 100}, taken);
  body.take_text("title", {1, 45}, taken);
  check_components(body, true);
  if (errors.empty()) return std::nullopt;
  return errors.to_reply();
}

std::optional<reply> check_suggestions(const json::object& data) {
  form_errors errors;
  check_choices(form(data, errors));
  if (errors.empty()) return std::nullopt;
  return errors.to_reply();
}

json::object callback_json(const call& c, const interaction_record& interaction,
                           const message_record* message) {
  json::object about{{"id", id_text(interaction.interaction)}, {"type", static_cast<int>(interaction.type)}};
  json::object out;
  if (message != nullptr) {
    about["response_message_id"] = id_text(message->message);
    about["response_message_loading"] = interaction.deferral_open;
    about["response_message_ephemeral"] = interaction.ephemeral;
    out["resource"] = json::object{{"type", static_cast<int>(*interaction.callback)},
                                   {"message", message_json(c.state, *message, interaction.application)}};
  }
  out["interaction"] = std::move(about);
  return out;
}

// Answers of the types with a message; the draft is read before anything changes.
or_reply<message_record*> answer(call& c, interaction_record& interaction, callback_type type) {
  const auto& data = data_of(c);
  switch (type) {
    case callback_type::message: {
      auto draft = read_message(c, data, message_use::interaction);
      if (!draft) return std::unexpected(draft.error());
      return answer_interaction(c.state, interaction, type, std::move(*draft));
    }
    case callback_type::deferred_message: {
      message_draft draft;
      draft.fields["flags"] = int_field(data, "flags");
      return answer_interaction(c.state, interaction, type, std::move(draft));
    }
    case callback_type::update_message: {
      const auto* const source = find_reply(c.state, interaction, interaction.source_message);
      if (source == nullptr) return std::unexpected(refuse(10008));
      auto changes = read_edit(c, data, *source);
      if (!changes) return std::unexpected(changes.error());
      return answer_interaction(c.state, interaction, type, {.fields = std::move(*changes)});
    }
    case callback_type::deferred_update:
      return answer_interaction(c.state, interaction, type, {});
    case callback_type::modal:
      if (auto refused = check_modal(data)) return std::unexpected(*refused);
      answer_with_data(c.state, interaction, type, data);
      return nullptr;
    case callback_type::autocomplete_result:
      if (auto refused = check_suggestions(data)) return std::unexpected(*refused);
      answer_with_data(c.state, interaction, type, data);
      return nullptr;
  }
  return std::unexpected(invalid_type());
}

reply callback(call& c) {
  auto* const interaction = find_interaction(c.state, c.param(0));
  if (interaction == nullptr || interaction->token != c.params[1]) return refuse(10062);
  const auto type = static_cast<int>(int_field(c.object(), "type"));
  switch (judge_callback(*interaction, type, c.state.clock.steady_now())) {
    case callback_verdict::unknown_interaction:
      return refuse(10062);
    case callback_verdict::already_acknowledged:
      return refuse(40060);
    case callback_verdict::wrong_type:
      return invalid_type();
    case callback_verdict::allowed:
      break;
  }
  const auto message = answer(c, *interaction, static_cast<callback_type>(type));
  if (!message) return message.error();
  return c.query_flag("with_response") ? ok(callback_json(c, *interaction, *message)) : no_content();
}

constexpr std::array table = {
    route{"POST", "/interactions/{interaction.id}/{interaction.token}/callback", callback,
          route_kind::interaction, true},
};

}  // namespace

std::span<const route> interaction_routes() {
  return table;
}

}  // namespace guildfleet::sim
