#include "features/sticky/sticky_message.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <fmt/format.h>

#include "base/fnv1a.hpp"
#include "base/utf8.hpp"
#include "discord/interactions/interaction_json.hpp"
#include "features/message_template.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
using discord::reading::text_at;

std::chrono::milliseconds seconds_at(const json::object& object, std::string_view key,
                                     std::chrono::milliseconds otherwise) {
  const json::value* value = object.if_contains(key);
  const std::int64_t* seconds = value == nullptr ? nullptr : value->if_int64();
  return seconds == nullptr ? otherwise : std::chrono::seconds(*seconds);
}

json::array& list_in(json::object& values) {
  json::value& list = values["messages"];
  if (!list.is_array()) list = json::array{};
  return list.get_array();
}

discord::channel_id channel_of(const json::value& item) {
  const json::object* object = item.if_object();
  if (object == nullptr) return {};
  return discord::parse_id<discord::channel_id>(text_at(*object, "channel")).value_or(discord::channel_id{});
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

sticky_message sticky_at(const json::object& item) {
  return {channel_of(item), std::string(text_at(item, "text")), std::string(text_at(item, "title")),
          std::string(text_at(item, "color"))};
}

json::object to_json(const sticky_message& message) {
  json::object out{{"channel", fmt::format("{}", message.channel)}};
  if (!message.text.empty()) out["text"] = message.text;
  if (!message.title.empty()) out["title"] = message.title;
  if (!message.color.empty()) out["color"] = message.color;
  return out;
}

std::optional<std::uint32_t> color_of(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  std::uint32_t color = 0;
  if (text.size() != 6) return std::nullopt;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), color, 16);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return color;
}

std::optional<sticky_fault> fault_of(const sticky_message& message) {
  if (is_blank(message.text) && is_blank(message.title)) return sticky_fault::empty;
  if (base::utf8_length(message.text) > longest_content) return sticky_fault::text_too_long;
  if (base::utf8_length(message.title) > longest_sticky_title) return sticky_fault::title_too_long;
  if (!message.color.empty() && !color_of(message.color)) return sticky_fault::no_color;
  return std::nullopt;
}

discord::message_body body_of(const sticky_message& message) {
  discord::message_body body;
  if (message.title.empty() && message.color.empty()) {
    body.content = message.text;
    return body;
  }
  discord::embed embed{.title = message.title, .description = message.text};
  embed.color = color_of(message.color);
  body.embeds.push_back(std::move(embed));
  return body;
}

// Over the parts, each with its end.
std::string digest_of(const sticky_message& message) {
  std::uint64_t hash = base::fnv1a_begin;
  for (const std::string& part : {message.text, message.title, message.color})
    hash = base::fnv1a(part + '\0', hash);
  return fmt::format("{:016x}", hash);
}

std::vector<sticky_message> stickies_in(const json::object& values) {
  std::vector<sticky_message> out;
  const json::value* list = values.if_contains("messages");
  if (list == nullptr || !list->is_array()) return out;
  for (const json::value& item : list->get_array()) {
    const discord::channel_id channel = channel_of(item);
    if (channel.empty() || std::ranges::find(out, channel, &sticky_message::channel) != out.end()) continue;
    sticky_message message = sticky_at(item.get_object());
    if (!fault_of(message)) out.push_back(std::move(message));
  }
  return out;
}

std::optional<sticky_message> sticky_in(const json::object& values, discord::channel_id channel) {
  for (sticky_message& each : stickies_in(values)) {
    if (each.channel == channel) return std::move(each);
  }
  return std::nullopt;
}

pace_limits pace_in(const json::object& values) {
  constexpr pace_limits usual;
  pace_limits limits{seconds_at(values, "delay", usual.delay), seconds_at(values, "longest", usual.longest)};
  limits.longest = std::max(limits.longest, limits.delay);
  return limits;
}

sticky_edit put_sticky(json::object& values, const sticky_message& message) {
  json::array& list = list_in(values);
  const auto found = std::ranges::find(list, message.channel, channel_of);
  if (found != list.end()) {
    *found = to_json(message);
    return sticky_edit::done;
  }
  if (list.size() >= most_stickies) return sticky_edit::full;
  list.push_back(to_json(message));
  return sticky_edit::done;
}

sticky_edit remove_sticky(json::object& values, discord::channel_id channel) {
  json::array& list = list_in(values);
  const std::size_t before = list.size();
  for (auto each = list.begin(); each != list.end();)
    each = channel_of(*each) == channel ? list.erase(each) : each + 1;
  return list.size() == before ? sticky_edit::none_there : sticky_edit::done;
}

sticky_message with_parts(sticky_message message, const sticky_parts& parts) {
  if (parts.text) message.text = *parts.text;
  if (parts.title) message.title = *parts.title;
  if (parts.color) message.color = *parts.color;
  return message;
}

}  // namespace guildfleet::features
