#include "discord/interactions/callback.hpp"

#include "discord/interactions/choice_json.hpp"

namespace guildfleet::discord {

void write_choice_value(base::json_writer& out, const choice& one) {
  if (const auto* text = std::get_if<std::string>(&one.value)) {
    out.string(*text);
  } else if (const auto* whole = std::get_if<std::int64_t>(&one.value)) {
    out.number(*whole);
  } else {
    out.real(std::get<double>(one.value));
  }
}

namespace callback {
namespace {

constexpr std::size_t max_choices = 25;

template <class Body, class Write>
base::result<std::string> wrap(callback_type type, const Body& body, Write write) {
  if (auto problem = broken_limit(body)) {
    return base::fail(rest_error::invalid_request, "data." + *problem, "Shorten or split it.");
  }
  base::json_writer out;
  out.begin_object().key("type").number(static_cast<int>(type)).key("data");
  write(out, body);
  out.end_object();
  return out.take();
}

}  // namespace

base::result<std::string> reply(const message_body& message) {
  return wrap(callback_type::message, message, write_message);
}

base::result<std::string> update(const message_edit& edit) {
  return wrap(callback_type::update_message, edit, write_edit);
}

base::result<std::string> show(const modal& form) {
  return wrap(callback_type::modal, form, write_modal);
}

std::string defer_reply() {
  return R"({"type":5,"data":{"flags":64}})";
}

std::string defer_update() {
  return R"({"type":6})";
}

std::string autocomplete(const std::vector<choice>& choices) {
  base::json_writer out;
  out.begin_object().key("type").number(static_cast<int>(callback_type::autocomplete));
  out.key("data").begin_object().key("choices").begin_array();
  for (std::size_t i = 0; i < choices.size() && i < max_choices; ++i) {
    out.begin_object().key("name").string(choices[i].name).key("value");
    write_choice_value(out, choices[i]);
    out.end_object();
  }
  out.end_array().end_object().end_object();
  return out.take();
}

}  // namespace callback
}  // namespace guildfleet::discord
