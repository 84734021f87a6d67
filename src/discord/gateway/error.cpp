#include "discord/gateway/error.hpp"

namespace guildfleet::discord {

std::string_view sentence(gateway_error value) {
  switch (value) {
    case gateway_error::malformed_message:
      return "the gateway sent something that is not its protocol";
    case gateway_error::corrupt_compression:
      return "the gateway's compressed stream cannot be read";
    case gateway_error::message_too_large:
      return "a gateway message is over the limit after decompression";
    case gateway_error::payload_too_large:
      return "a message to the gateway may have 4096 bytes at most";
    case gateway_error::send_queue_full:
      return "too many messages wait to be sent to the gateway";
    case gateway_error::session_over:
      return "the gateway session has ended";
    case gateway_error::authentication_failed:
      return "Discord refused the bot token (close code 4004)";
    case gateway_error::invalid_shard:
      return "Discord refused the shard (close code 4010)";
    case gateway_error::sharding_required:
      return "Discord wants more shards (close code 4011)";
    case gateway_error::invalid_api_version:
      return "Discord refused the gateway version (close code 4012)";
    case gateway_error::invalid_intents:
      return "Discord refused the intents as invalid (close code 4013)";
    case gateway_error::disallowed_intents:
      return "Discord refused a privileged intent (close code 4014)";
    case gateway_error::repeated_client_errors:
      return "Discord closed the connection again and again because of what this program sent";
  }
  return "unknown gateway error";
}

}  // namespace guildfleet::discord
