// What can go wrong in the gateway's protocol and in the model that it feeds.
#pragma once

#include <string_view>
#include <system_error>

#include "base/error_enum.hpp"

namespace guildfleet::discord {

enum class gateway_error {
  malformed_message = 1,   // not the JSON that the protocol promises
  corrupt_compression,     // the stream cannot be decompressed
  message_too_large,       // a decompressed message is over its limit
  payload_too_large,       // we would send more than 4096 bytes
  send_queue_full,         // the send budget is used up and the queue behind it too
  session_over,            // stopped or fatally closed
  authentication_failed,   // 4004
  invalid_shard,           // 4010
  sharding_required,       // 4011
  invalid_api_version,     // 4012
  invalid_intents,         // 4013
  disallowed_intents,      // 4014
  repeated_client_errors,  // the circuit breaker on 4001, 4002, 4003, 4005
};

[[nodiscard]] std::string_view sentence(gateway_error value);
[[nodiscard]] inline std::error_code make_error_code(gateway_error value) {
  return base::enum_error_code(value, "gateway");
}

}  // namespace guildfleet::discord

template <>
struct std::is_error_code_enum<guildfleet::discord::gateway_error> : std::true_type {};
