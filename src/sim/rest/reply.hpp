// What a route answers, before headers and rate limits are added.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "sim/world/ids.hpp"

namespace guildfleet::sim {

struct reply {
  int status = 200;
  std::optional<json::value> body{};                       // absent: empty, as with 204
  std::optional<std::chrono::milliseconds> retry_after{};  // a sublimit was hit: becomes a 429
  bool shared_limit = false;
};

template <class T>
using or_reply = std::expected<T, reply>;

[[nodiscard]] reply ok(json::value body);
[[nodiscard]] reply created(json::value body);
[[nodiscard]] reply no_content();
[[nodiscard]] reply failure(int status, int code, std::string_view message);
// With the status and the sentence that belong to Discord's code (protocol sheet 2.6).
[[nodiscard]] reply refuse(int code);
[[nodiscard]] reply sublimited(std::chrono::milliseconds retry_after);

}  // namespace guildfleet::sim
