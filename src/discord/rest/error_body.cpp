#include "discord/rest/error_body.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <fmt/format.h>

#include "discord/rest/json_object.hpp"
#include "discord/rest/request.hpp"

namespace guildfleet::discord {
namespace {

namespace json = boost::json;

constexpr std::size_t max_problems = 16;
constexpr int max_depth = 16;
constexpr std::size_t max_text = 300;

std::string text_of(const json::value* value) {
  if (value == nullptr) return {};
  if (const auto* text = value->if_string())
    return std::string(text->data(), std::min(text->size(), max_text));
  if (const auto* number = value->if_int64()) return std::to_string(*number);
  return {};
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "embeds" + "0" gives "embeds[0]", "embeds[0]" + "title" gives "embeds[0].title".
std::string child_path(const std::string& parent, std::string_view key) {
  if (all_digits(key)) return fmt::format("{}[{}]", parent, key);
  return parent.empty() ? std::string(key) : fmt::format("{}.{}", parent, key);
}

void collect(const json::value& node, const std::string& path, int depth, std::vector<field_problem>& into) {
  const auto* object = node.if_object();
  if (object == nullptr || depth > max_depth) return;
  for (const auto& [key, child] : *object) {
    if (into.size() >= max_problems) return;
    const auto* leaves = key == "_errors" ? child.if_array() : nullptr;
    if (leaves == nullptr) {
      collect(child, child_path(path, key), depth + 1, into);
      continue;
    }
    for (const json::value& leaf : *leaves) {
      const auto* problem = leaf.if_object();
      if (problem == nullptr || into.size() >= max_problems) continue;
      into.push_back({path, text_of(problem->if_contains("code")), text_of(problem->if_contains("message"))});
    }
  }
}

std::string problem_text(const field_problem& problem) {
  std::string text = problem.path.empty() ? std::string("body") : problem.path;
  text += ": ";
  text += problem.code;
  if (!problem.message.empty()) text += fmt::format(" ({})", problem.message);
  return text;
}

constexpr std::array listed_codes{
    rest_error::unknown_channel,     rest_error::unknown_guild,
    rest_error::unknown_invite,      rest_error::unknown_member,
    rest_error::unknown_message,     rest_error::unknown_overwrite,
    rest_error::unknown_role,        rest_error::unknown_user,
    rest_error::unknown_emoji,       rest_error::unknown_webhook,
    rest_error::unknown_ban,         rest_error::unknown_interaction,
    rest_error::unknown_command,     rest_error::maximum_roles,
    rest_error::maximum_channels,    rest_error::maximum_daily_commands,
    rest_error::target_not_in_voice, rest_error::already_acknowledged,
    rest_error::missing_access,      rest_error::empty_message,
    rest_error::cannot_message_user, rest_error::missing_permissions,
    rest_error::invalid_form_body,   rest_error::message_too_old_for_bulk_delete,
    rest_error::archived_thread,     rest_error::two_factor_required,
};

std::string fix_for(rest_error error) {
  switch (error) {
    case rest_error::unauthorized:
      return "Check the bot's token; one that was reset in the Developer Portal must be replaced here.";
    case rest_error::missing_permissions:
      return "Give the bot's role the permission and move it above the roles and members it acts on.";
    case rest_error::missing_access:
      return "Let the bot see the channel (View Channel).";
    case rest_error::blocked_by_cloudflare:
      return "Wait; look for a bot on this address that makes many invalid requests.";
    default:
      return {};
  }
}

}  // namespace

error_body parse_error_body(std::string_view body) {
  error_body parsed;
  const auto object = parse_object(body);
  if (!object) return parsed;
  const auto* message = object->if_contains("message");
  if (message == nullptr || !message->is_string()) return parsed;
  parsed.from_discord = true;
  parsed.message = text_of(message);
  if (const auto* code = object->if_contains("code"); code != nullptr && code->is_int64()) {
    parsed.code = static_cast<int>(code->get_int64());
  }
  if (const auto* errors = object->if_contains("errors")) collect(*errors, {}, 0, parsed.problems);
  return parsed;
}

rest_error classify(int status, const error_body& body) {
  const auto* const listed =
      std::ranges::find_if(listed_codes, [&](rest_error one) { return static_cast<int>(one) == body.code; });
  // A 401 is about the token whatever the body says.
  if (status == 401) return rest_error::unauthorized;
  if (listed != listed_codes.end()) return *listed;
  if (!body.from_discord && (status == 403 || status == 429)) return rest_error::blocked_by_cloudflare;
  switch (status) {
    case 403:
      return rest_error::forbidden;
    case 404:
      return rest_error::not_found;
    case 429:
      return rest_error::rate_limited;
    default:
      break;
  }
  if (status >= 500) return rest_error::server_failed;
  return status >= 400 ? rest_error::bad_request : rest_error::malformed_response;
}

base::error error_of_response(const route& route, int status, std::string_view body) {
  const error_body parsed = parse_error_body(body);
  const rest_error error = classify(status, parsed);
  std::string context = fmt::format("{}: HTTP {}", describe(route), status);
  if (parsed.code != 0) context += fmt::format(", code {}", parsed.code);
  if (!parsed.message.empty()) context += fmt::format(", \"{}\"", parsed.message);
  const char* separator = ": ";
  for (const field_problem& problem : parsed.problems) {
    context += separator;
    context += problem_text(problem);
    separator = "; ";
  }
  return base::error(error, std::move(context), fix_for(error));
}

}  // namespace guildfleet::discord
