#include "bot/message_likeness.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "discord/interactions/interaction_json.hpp"
#include "discord/rest/json_object.hpp"

namespace guildfleet::bot {
namespace {

namespace json = boost::json;
using discord::reading::object_at;
using discord::reading::text_at;

constexpr std::size_t to_the_second = 19;  // "2026-01-31T12:00:00": what follows is written in several ways
constexpr char end_of_part = '\x1f';

template <class Apply>
void each_object_at(const json::object& object, std::string_view key, Apply apply) {
  const json::value* list = object.if_contains(key);
  if (list == nullptr || !list->is_array()) return;
  for (const json::value& each : list->get_array()) {
    if (const json::object* item = each.if_object()) apply(*item);
  }
}

bool is_space(char each) {
  return each == ' ' || each == '\n' || each == '\r' || each == '\t';
}

void add(std::string& parts, std::string_view text) {
  std::ranges::copy_if(text, std::back_inserter(parts), [](char each) { return !is_space(each); });
  parts += end_of_part;
}

// No colour and black are the same to Discord.
std::string color_of(const json::object& embed) {
  const json::value* value = embed.if_contains("color");
  boost::system::error_code no_number;
  const auto color = value == nullptr ? 0 : value->to_number<std::int64_t>(no_number);
  return color == 0 || no_number ? std::string() : fmt::format("{}", color);
}

void add_embed(std::string& parts, const json::object& embed) {
  const std::string_view type = text_at(embed, "type");
  if (!type.empty() && type != "rich") return;
  parts += "embed";
  add(parts, text_at(embed, "title"));
  add(parts, text_at(embed, "description"));
  add(parts, text_at(embed, "timestamp").substr(0, to_the_second));
  add(parts, color_of(embed));
  const json::object* author = object_at(embed, "author");
  add(parts, author == nullptr ? "" : text_at(*author, "name"));
  const json::object* footer = object_at(embed, "footer");
  add(parts, footer == nullptr ? "" : text_at(*footer, "text"));
  each_object_at(embed, "fields", [&parts](const json::object& field) {
    parts += "field";
    add(parts, text_at(field, "name"));
    add(parts, text_at(field, "value"));
  });
}

void add_components(std::string& parts, const json::object& of) {
  each_object_at(of, "components", [&parts](const json::object& component) {
    const std::string_view id = text_at(component, "custom_id");
    const std::string_view shown = id.empty() ? text_at(component, "label") : id;
    if (!shown.empty()) add(parts, shown);
    add_components(parts, component);
  });
}

// Discord writes other letters of a name in its own way.
void add_file(std::string& parts, const json::object& attachment) {
  const auto counts = [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9');
  };
  parts += "file";
  std::ranges::copy_if(text_at(attachment, "filename"), std::back_inserter(parts), counts);
  parts += end_of_part;
}

std::string parts_of(const json::object& message) {
  std::string parts;
  add(parts, text_at(message, "content"));
  each_object_at(message, "embeds", [&parts](const json::object& each) { add_embed(parts, each); });
  add_components(parts, message);
  each_object_at(message, "attachments", [&parts](const json::object& each) { add_file(parts, each); });
  return parts;
}

}  // namespace

message_likeness::message_likeness(const discord::message_body& sent) {
  base::json_writer out;
  discord::write_message(out, sent);
  parts_ = parts_of(discord::parse_object(out.take()).value_or(json::object()));
  if (!sent.reply_to.empty()) reply_to_ = fmt::format("{}", sent.reply_to);
}

// Where the message is gone that was to be replied to, Discord posts without a reference.
bool message_likeness::fits(const json::object& message) const {
  const json::object* reference = object_at(message, "message_reference");
  if (reference != nullptr && text_at(*reference, "message_id") != reply_to_) return false;
  return parts_of(message) == parts_;
}

}  // namespace guildfleet::bot
