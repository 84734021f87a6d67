#include "api/v1/call.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <fmt/chrono.h>

namespace guildfleet::api::v1 {

const bot::bot_stores& api_call::stores() const {
  return std::ranges::find(*bots, bot, &served_bot::name)->stores;
}

net::http_response json_response(const json::value& body) {
  auto response = net::http_response::json(200, json::serialize(body));
  response.fields.set("Cache-Control", "no-store");
  return response;
}

std::string rfc3339(base::wall_time time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(time));
}

}  // namespace guildfleet::api::v1
