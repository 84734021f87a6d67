// One REST call as a value: made by endpoints.hpp, decided by rate_limiter.hpp, sent by bot/rest_client.hpp.
#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/rest/route.hpp"

namespace guildfleet::discord {

// A limit that no header shows: `count` requests a `window` for one route, major parameter and name.
struct hidden_limit {
  std::string_view name{};
  int count = 1;
  std::chrono::seconds window{0};
};
// Name and topic of a channel: 2 in 10 minutes (protocol sheet 2.4).
inline constexpr hidden_limit channel_name_limit{"name_or_topic", 2, std::chrono::minutes(10)};

// A file to upload; `bytes` are sent as they are.
struct upload {
  std::string filename{};
  std::string content_type = "application/octet-stream";
  std::string bytes{};
};

struct request {
  const discord::route* route = nullptr;  // never null in a finished request
  std::string path{};  // below the API's base, percent-encoded; may hold an interaction's token: never logged
  std::string query{};          // without '?', percent-encoded
  std::string major{};          // values of the major parameters; may hold a token: never logged
  std::string json{};           // body; empty: none
  std::vector<upload> files{};  // not empty: sent as multipart with `json` as payload_json
  std::string reason{};         // audit log, UTF-8, cut at 512 characters; empty: none
  // Requests with the same key are sent one after the other, each after the answer to the one before. Empty:
  // free.
  std::string order_key{};
  const hidden_limit* hidden = nullptr;
  // The body has nonce and enforce_nonce, so that a repeat within two minutes creates nothing new.
  bool has_nonce = false;
  // No answer needed later than this; default: the client's own time-out from the moment of the call.
  base::steady_time deadline = base::steady_time::max();
};

// Fills the template's parameters in order, each percent-encoded. The number of parameters must fit the
// template.
[[nodiscard]] request make_request(const route& route,
                                   std::initializer_list<std::string_view> parameters = {});

// Appends `key=value`, percent-encoded, to the query.
void add_query(request& to, std::string_view key, std::string_view value);

// X-Audit-Log-Reason: cut to 512 code points, then percent-encoded (protocol sheet 2.7).
[[nodiscard]] std::string encode_audit_reason(std::string_view reason);

// "POST /channels/{channel}/messages": safe to log.
[[nodiscard]] std::string describe(const route& route);

}  // namespace guildfleet::discord
