#include "features/sticky/posted_record.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace guildfleet::features {
namespace {

namespace json = boost::json;

discord::message_id id_in(const json::value* value) {
  if (value == nullptr || !value->is_string()) return {};
  return discord::parse_id<discord::message_id>(value->get_string()).value_or(discord::message_id{});
}

}  // namespace

store::record_key key_of_posted(discord::guild_id guild, discord::channel_id channel) {
  return {guild, std::string(posted_kind), fmt::format("{}", channel)};
}

store::record_key key_of_change(discord::guild_id guild, discord::channel_id channel) {
  return {guild, "change", fmt::format("{}", channel)};
}

std::string to_record(const posted_sticky& what) {
  json::object out{{"message", fmt::format("{}", what.message)}, {"digest", what.digest}};
  json::array old;
  for (const discord::message_id each : what.old) old.emplace_back(fmt::format("{}", each));
  if (!old.empty()) out["old"] = std::move(old);
  if (what.tried) out["tried"] = to_json(*what.tried);
  return json::serialize(out);
}

posted_sticky read_posted(std::string_view value) {
  boost::system::error_code problem;
  const json::value parsed = json::parse(value, problem);
  const json::object* object = problem ? nullptr : parsed.if_object();
  posted_sticky out;
  if (object == nullptr) return out;
  out.message = id_in(object->if_contains("message"));
  const json::value* digest = object->if_contains("digest");
  if (digest != nullptr && digest->is_string()) out.digest = digest->get_string();
  const json::value* tried = object->if_contains("tried");
  if (tried != nullptr && tried->is_object()) out.tried = sticky_at(tried->get_object());
  const json::value* old = object->if_contains("old");
  if (old == nullptr || !old->is_array()) return out;
  for (const json::value& each : old->get_array()) {
    if (const discord::message_id id = id_in(&each); !id.empty()) out.old.push_back(id);
  }
  return out;
}

}  // namespace guildfleet::features
