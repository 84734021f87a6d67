#include "bot/guild_answer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "discord/rest/error.hpp"

namespace guildfleet::bot {
namespace {

namespace json = boost::json;

std::optional<json::value> parsed(std::string_view text, json::kind kind) {
  boost::system::error_code problem;
  json::value value = json::parse(text, problem);
  if (problem || value.kind() != kind) return std::nullopt;
  return value;
}

}  // namespace

base::result<std::string> compose_guild_create(const guild_answers& answers) {
  auto guild = parsed(answers.guild, json::kind::object);
  auto channels = parsed(answers.channels, json::kind::array);
  auto threads = parsed(answers.threads, json::kind::object);
  auto member = parsed(answers.member, json::kind::object);
  if (!guild || !channels || !threads || !member)
    return base::fail(discord::rest_error::malformed_response, "a guild, its channels, threads or member");
  json::object& whole = guild->as_object();
  if (const json::value* count = whole.if_contains("approximate_member_count"))
    whole["member_count"] = json::value(*count);
  whole["channels"] = std::move(*channels);
  const json::value* active = threads->as_object().if_contains("threads");
  whole["threads"] = active != nullptr && active->is_array() ? *active : json::value(json::array());
  whole["members"] = json::array{std::move(*member)};
  whole["unavailable"] = false;
  return json::serialize(*guild);
}

}  // namespace guildfleet::bot
