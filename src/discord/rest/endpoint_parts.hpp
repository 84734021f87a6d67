// Helpers of the endpoint sources.
#pragma once

#include <fmt/format.h>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "discord/rest/request.hpp"

namespace guildfleet::discord::endpoints {

template <class Id>
[[nodiscard]] std::string text_of(Id id) {
  return fmt::format("{}", id.value);
}

[[nodiscard]] inline request with_reason(request made, std::string reason) {
  made.reason = std::move(reason);
  return made;
}

[[nodiscard]] inline request with_body(request made, std::string json) {
  made.json = std::move(json);
  return made;
}

// The request with that body, or the body's error with the route in front.
[[nodiscard]] inline base::result<request> with_checked_body(request made, base::result<std::string> json) {
  if (!json) return std::unexpected(std::move(json.error()).within(describe(*made.route)));
  made.json = std::move(*json);
  return made;
}

// Messages of one channel keep their order.
[[nodiscard]] inline request in_message_order(request made) {
  made.order_key = "messages/" + made.major;
  return made;
}

}  // namespace guildfleet::discord::endpoints
