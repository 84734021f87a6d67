// What Discord tells a bot before it connects: GET /gateway/bot (protocol sheet 1.1), GET /applications/@me.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "discord/model/ids.hpp"
#include "fleet/identify_gate.hpp"

namespace guildfleet::bot {

struct gateway_info {
  std::string url;
  std::uint32_t shards = 1;  // recommended
  fleet::session_start_limit limit;
  base::steady_time asked_at{};  // filled in by who asks
};

// The answer of GET /applications/@me.
struct application_info {
  discord::application_id id;
  std::string user_name;  // of the bot's user
};
[[nodiscard]] base::result<application_info> read_application(std::string_view json);

// Errors: rest_error::malformed_response.
[[nodiscard]] base::result<gateway_info> read_gateway_info(std::string_view json);

// Why GET /gateway/bot failed, with what to do where there is no such path: the address is another's.
[[nodiscard]] base::error explain_gateway_failure(const base::error& failure);

}  // namespace guildfleet::bot
