#include "sim/rest/call.hpp"

namespace guildfleet::sim {

const json::object& call::object() const {
  static const json::object empty;
  const auto* const found = body.if_object();
  return found == nullptr ? empty : *found;
}

std::optional<id> call::query_id(std::string_view key) const {
  const auto text = request.query_value(key);
  return text ? parse_id(*text) : std::nullopt;
}

bool call::query_flag(std::string_view key) const {
  const auto text = request.query_value(key);
  return text && (*text == "true" || *text == "True" || *text == "1");
}

or_reply<std::size_t> call::query_limit(number_range allowed, std::size_t fallback) const {
  const auto text = request.query_value("limit");
  if (!text) return fallback;
  form_errors errors;
  json::object given{{"limit", *text}};
  json::object taken;
  form(given, errors).take_int("limit", allowed, taken);
  if (!errors.empty()) return std::unexpected(errors.to_reply());
  return static_cast<std::size_t>(taken.at("limit").as_int64());
}

or_reply<guild_record*> guild_for(call& c, id guild, bits needed) {
  auto* const found = find_guild(c.state, guild);
  if (found == nullptr || find_member(*found, c.self()) == nullptr) return std::unexpected(refuse(10004));
  if ((guild_permissions(c.state, *found, c.self()) & needed) != needed)
    return std::unexpected(refuse(50013));
  return found;
}

bool allowed(call& c, const channel_record& channel, bits needed) {
  return (channel_permissions(c.state, channel, c.self()) & needed) == needed;
}

or_reply<channel_record*> channel_for(call& c, id channel, bits needed) {
  auto* const found = find_channel(c.state, channel);
  if (found == nullptr) return std::unexpected(refuse(10003));
  if (!allowed(c, *found, permission::view_channel)) return std::unexpected(refuse(50001));
  if (!allowed(c, *found, needed)) return std::unexpected(refuse(50013));
  return found;
}

or_reply<message_record*> message_for(call& c, channel_record& channel, id message) {
  auto* const found = find_message(c.state, channel.channel, message);
  if (found == nullptr) return std::unexpected(refuse(10008));
  return found;
}

or_reply<member_record*> member_for(guild_record& guild, id user) {
  auto* const found = find_member(guild, user);
  if (found == nullptr) return std::unexpected(refuse(10007));
  return found;
}

}  // namespace guildfleet::sim
