#include "bot/own_message.hpp"

#include <boost/json/parse.hpp>

#include "bot/message_likeness.hpp"
#include "discord/interactions/interaction_json.hpp"
#include "discord/rest/error.hpp"

namespace guildfleet::bot {
namespace {

namespace json = boost::json;
using discord::reading::object_at;
using discord::reading::text_at;

bool is_authors(const json::object& message, discord::user_id user) {
  const json::object* author = object_at(message, "author");
  return author != nullptr && discord::parse_snowflake(text_at(*author, "id")) == user.value;
}

}  // namespace

base::result<own_message_search> find_own_message(std::string_view messages, discord::user_id self,
                                                  const discord::message_body& sent,
                                                  const posted_messages& posted) {
  boost::system::error_code problem;
  const json::value parsed = json::parse(messages, problem);
  if (problem || !parsed.is_array())
    return base::fail(discord::rest_error::malformed_response, "a list of messages");
  own_message_search search{std::nullopt, parsed.as_array().size(), {}};
  const message_likeness likeness(sent);
  for (const json::value& item : parsed.as_array()) {
    if (!item.is_object()) continue;
    const json::object& message = item.as_object();
    const discord::message_id id{discord::parse_snowflake(text_at(message, "id")).value_or(0)};
    search.newest = std::max(search.newest, id);
    if (search.found || id.empty() || !is_authors(message, self)) continue;
    if (posted.is_of_another(id, sent.nonce)) continue;
    const std::string_view nonce = text_at(message, "nonce");
    if (nonce.empty() ? likeness.fits(message) : nonce == sent.nonce) search.found = id;
  }
  return search;
}

base::result<std::string> id_of_answer(std::string_view body) {
  boost::system::error_code problem;
  const json::value parsed = json::parse(body, problem);
  if (!problem && parsed.is_object()) {
    const std::string_view id = text_at(parsed.as_object(), "id");
    if (discord::parse_snowflake(id)) return std::string(id);
  }
  return base::fail(discord::rest_error::malformed_response, "an object with an id");
}

}  // namespace guildfleet::bot
