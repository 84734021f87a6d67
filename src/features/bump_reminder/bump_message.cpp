#include "features/bump_reminder/bump_message.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "discord/interactions/interaction_json.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
using discord::reading::id_at;
using discord::reading::object_at;
using discord::reading::text_at;

constexpr discord::user_id disboard_bot{302'050'872'383'242'240U};
constexpr discord::user_id dissoku_bot{761'562'078'095'867'916U};

// What an embed of a bump that was done holds, any of it.
constexpr std::array<std::string_view, 4> disboard_signs{"Bump done", ":thumbsup:", "表示順をアップしたよ",
                                                         "bot-command-image-bump"};
constexpr std::array<std::string_view, 1> dissoku_signs{"をアップしたよ"};

bool holds(std::string_view text, bump_service service) {
  const auto in_text = [text](std::string_view sign) { return text.contains(sign); };
  return service == bump_service::disboard ? std::ranges::any_of(disboard_signs, in_text)
                                           : std::ranges::any_of(dissoku_signs, in_text);
}

// In any text of the embed, at any depth: the services move them about.
bool tells_bump(const json::value& part, bump_service service) {
  if (const json::string* text = part.if_string()) return holds(*text, service);
  if (const json::array* items = part.if_array()) {
    return std::ranges::any_of(*items, [&](const json::value& each) { return tells_bump(each, service); });
  }
  const json::object* object = part.if_object();
  return object != nullptr && std::ranges::any_of(*object, [&](const json::key_value_pair& each) {
           return tells_bump(each.value(), service);
         });
}

// The interaction that the message answers: the newer member, or the older one that has a name too.
struct origin {
  discord::user_id user;
  std::string_view command;
};
origin origin_of(const json::object& message) {
  origin out;
  for (const char* key : {"interaction_metadata", "interaction"}) {
    const json::object* interaction = object_at(message, key);
    if (interaction == nullptr) continue;
    if (const json::object* user = object_at(*interaction, "user"))
      out.user = id_at<discord::user_id>(*user, "id");
    if (const auto name = text_at(*interaction, "name"); !name.empty()) out.command = name;
  }
  return out;
}

// "/up" is "/dissoku up" in older servers.
bool is_bumping(std::string_view command, bump_service service) {
  return command.empty() || command.ends_with(command_of(service).substr(1));
}

}  // namespace

std::string_view name_of(bump_service value) {
  return value == bump_service::disboard ? "disboard" : "dissoku";
}

std::optional<bump_service> bump_service_named(std::string_view name) {
  for (const bump_service each : all_bump_services) {
    if (name_of(each) == name) return each;
  }
  return std::nullopt;
}

std::string_view title_of(bump_service value, language in) {
  constexpr text disboard{"DISBOARD", "DISBOARD"};
  constexpr text dissoku{"Dissoku", "ディス速"};
  return (value == bump_service::disboard ? disboard : dissoku).in(in);
}

std::string_view command_of(bump_service value) {
  return value == bump_service::disboard ? "/bump" : "/up";
}

discord::user_id bot_of(bump_service value) {
  return value == bump_service::disboard ? disboard_bot : dissoku_bot;
}

std::optional<bump_service> bump_service_of(discord::user_id bot) {
  for (const bump_service each : all_bump_services) {
    if (bot_of(each) == bot) return each;
  }
  return std::nullopt;
}

std::optional<bump> read_bump(std::string_view text) {
  boost::system::error_code problem;
  const json::value parsed = json::parse(text, problem);
  const json::object* message = problem ? nullptr : parsed.if_object();
  const json::object* author = message == nullptr ? nullptr : object_at(*message, "author");
  if (author == nullptr) return std::nullopt;
  const auto service = bump_service_of(id_at<discord::user_id>(*author, "id"));
  const json::value* embeds = message->if_contains("embeds");
  if (!service || embeds == nullptr || !tells_bump(*embeds, *service)) return std::nullopt;
  const origin from = origin_of(*message);
  if (!is_bumping(from.command, *service)) return std::nullopt;
  const bump out{*service, id_at<discord::message_id>(*message, "id"),
                 id_at<discord::channel_id>(*message, "channel_id"), from.user};
  return out.message.empty() || out.channel.empty() ? std::nullopt : std::optional(out);
}

}  // namespace guildfleet::features
