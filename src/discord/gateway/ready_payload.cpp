#include "discord/gateway/ready_payload.hpp"

#include "discord/model/json_fields.hpp"

namespace guildfleet::discord {
namespace {

std::uint64_t id_of(json_value value) {
  std::uint64_t id = 0;
  for_each_field(value, [&](std::string_view key, json_value member) {
    if (key == "id") id = read_snowflake(member);
  });
  return id;
}

}  // namespace

std::optional<ready_payload> read_ready(std::string_view d) {
  ready_payload ready;
  const bool whole = for_each_root_field(d, [&](std::string_view key, json_value value) {
    if (key == "session_id") {
      ready.session_id = read_text(value);
    } else if (key == "resume_gateway_url") {
      ready.resume_url = read_text(value);
    } else if (key == "user") {
      ready.self = user_id{id_of(value)};
    } else if (key == "application") {
      ready.application = application_id{id_of(value)};
    } else if (key == "guilds") {
      for_each_element(value, [&](json_value) { ++ready.guilds; });
    }
  });
  if (!whole || ready.session_id.empty() || ready.resume_url.empty()) return std::nullopt;
  return ready;
}

std::optional<std::chrono::milliseconds> read_hello_interval(std::string_view d) {
  constexpr std::int64_t longest = 3'600'000;
  std::int64_t interval = 0;
  for_each_root_field(d, [&](std::string_view key, json_value value) {
    if (key == "heartbeat_interval" && value.get_int64().get(interval) != simdjson::SUCCESS) interval = 0;
  });
  if (interval < 1 || interval > longest) return std::nullopt;
  return std::chrono::milliseconds(interval);
}

}  // namespace guildfleet::discord
