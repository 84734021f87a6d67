#include "sim/gateway/event_body.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cstring>

#include "sim/gateway/client_message.hpp"
#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {
namespace {

namespace json = boost::json;

constexpr std::string_view unknown_member = R"("_future_field":[1,{"a":null}])";

id user_id_in(const json::object& object, std::string_view key) {
  const json::value* user = object.if_contains(key);
  if (user == nullptr || !user->is_object()) return 0;
  const json::value* number = user->get_object().if_contains("id");
  return number == nullptr ? 0 : to_id(*number).value_or(0);
}

// Content, embeds, attachments, components and the poll of a message, and of the message it refers to.
void blank_message(json::object& message) {
  if (message.contains("content")) message["content"] = "";
  for (const char* list : {"embeds", "attachments", "components"})
    if (message.contains(list)) message[list] = json::array{};
  message.erase("poll");
  if (json::value* referenced = message.if_contains("referenced_message");
      referenced && referenced->is_object())
    blank_message(referenced->get_object());
}

void blank(const std::string& type, json::object& data) {
  if (type == "AUTO_MODERATION_ACTION_EXECUTION") {
    data["content"] = "";
    data["matched_content"] = "";
    return;
  }
  blank_message(data);
}

}  // namespace

event_body make_event_body(std::string type, const json::object& data) {
  return {std::make_shared<const event_text>(event_text{std::move(type), json::serialize(data), 0}), 0};
}

void append_dispatch(std::string& out, const event_body& body, std::uint64_t sequence, bool unknown_fields) {
  const event_text& text = *body.text;
  std::array<char, 20> digits{};
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), sequence).ptr;
  out += R"({"t":")";
  out += text.type;
  out += R"(","s":)";
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
  if (unknown_fields) {
    out += ',';
    out += unknown_member;
  }
  out += R"(,"op":0,"d":)";
  const bool extend =
      unknown_fields && text.data.size() > 2 && text.data.front() == '{' && text.id_offset == 0;
  if (extend) {
    out += '{';
    out += unknown_member;
    out += ',';
    out.append(text.data, 1);
  } else {
    const std::size_t start = out.size();
    out += text.data;
    if (text.id_offset != 0)
      std::to_chars(out.data() + start + text.id_offset,
                    out.data() + start + text.id_offset + patched_id_digits, body.patched_id);
  }
  out += '}';
}

prepared_event prepare_event(world_event event) {
  prepared_event out;
  out.guild = event.guild;
  out.any_of_intents = event.any_of_intents;
  out.only_bot = event.only_bot;
  out.full = make_event_body(event.type, event.data);
  out.author = user_id_in(event.data, "author");
  out.subject = user_id_in(event.data, "user");
  if (!event.holds_message_content) return out;
  if (const json::value* mentions = event.data.if_contains("mentions"); mentions && mentions->is_array())
    for (const json::value& user : mentions->get_array())
      if (user.is_object())
        if (const json::value* number = user.get_object().if_contains("id"))
          out.mentions.push_back(to_id(*number).value_or(0));
  blank(event.type, event.data);
  out.blanked = make_event_body(event.type, event.data);
  return out;
}

const event_body* body_for(const prepared_event& event, id bot_user, std::uint64_t intents) {
  const bool about_itself = event.subject == bot_user && event.full.text->type == "GUILD_MEMBER_UPDATE";
  if (event.any_of_intents != 0 && (intents & event.any_of_intents) == 0 && !about_itself) return nullptr;
  if (!event.blanked || (intents & intent::message_content) != 0) return &event.full;
  const bool exempt = event.author == bot_user || !event.guild ||
                      std::ranges::find(event.mentions, bot_user) != event.mentions.end();
  return exempt ? &event.full : &*event.blanked;
}

}  // namespace guildfleet::sim
