// The answer of GET /gateway/bot (protocol sheet 1.1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "fleet/identify_gate.hpp"

namespace guildfleet::bot {

struct gateway_info {
  std::string url;
  std::uint32_t shards = 1;  // recommended
  fleet::session_start_limit limit;
};

// Errors: rest_error::malformed_response.
[[nodiscard]] base::result<gateway_info> read_gateway_info(std::string_view json);

}  // namespace guildfleet::bot
