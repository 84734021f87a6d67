// One request on its way through a route, and the checks that routes share.
#pragma once

#include <boost/json/serialize.hpp>

#include "sim/rest/body.hpp"
#include "sim/rest/form.hpp"
#include "sim/rest/limits.hpp"
#include "sim/rest/rest_api.hpp"
#include "sim/world/permissions.hpp"
#include "sim/world/publish.hpp"
#include "sim/world/render.hpp"

namespace guildfleet::sim {

// Messages by nonce, for enforce_nonce and the report (protocol sheet 2.8).
struct nonce_entry {
  id channel = 0;
  id message = 0;
  base::steady_time when;
};

// What outlives a request, for routes.
struct rest_memory {
  std::unordered_map<std::string, nonce_entry> nonces;
  std::uint64_t duplicate_nonces = 0;
  std::uint64_t deduplicated_nonces = 0;
  window_counter sublimits;
};

struct call {
  world_state& state;
  rest_memory& memory;
  const rest_settings& settings;
  const event_sink* sink;
  const net::http_request& request;
  std::vector<std::string> params{};  // of the template, in order, decoded
  bot_record* bot = nullptr;          // nullptr on routes without authentication
  json::value body = json::object();
  std::vector<upload> files{};
  std::optional<std::string> reason{};

  [[nodiscard]] id param(std::size_t index) const { return parse_id(params[index]).value_or(0); }
  [[nodiscard]] id self() const { return bot->account.user; }
  [[nodiscard]] actor by() const { return {.user = self(), .reason = reason}; }
  [[nodiscard]] const json::object& object() const;  // the body, or an empty object
  [[nodiscard]] std::optional<id> query_id(std::string_view key) const;
  [[nodiscard]] bool query_flag(std::string_view key) const;
  // 50035 outside the range.
  [[nodiscard]] or_reply<std::size_t> query_limit(number_range allowed, std::size_t fallback) const;
};

using handler = reply (*)(call&);

enum class route_kind {
  bot,          // needs a bot token
  open,         // needs none, counts to the address
  interaction,  // needs none, free of the global limit
};

struct route {
  std::string_view method;
  std::string_view path;  // template: "/channels/{channel.id}"
  handler handle;
  route_kind kind = route_kind::bot;
  bool needs_body = false;
};

// Unknown guild (also when the bot is not in it): 10004. Missing bits: 50013.
[[nodiscard]] or_reply<guild_record*> guild_for(call& c, id guild, bits needed = 0);
// 10003, 50001 without VIEW_CHANNEL, 50013.
[[nodiscard]] or_reply<channel_record*> channel_for(call& c, id channel, bits needed = 0);
[[nodiscard]] or_reply<message_record*> message_for(call& c, channel_record& channel, id message);
[[nodiscard]] or_reply<member_record*> member_for(guild_record& guild, id user);  // 10007
[[nodiscard]] bool allowed(call& c, const channel_record& channel, bits needed);

}  // namespace guildfleet::sim
