#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {

std::string_view close_reason(std::uint16_t code) {
  switch (code) {
    case close_code::normal:
      return "Normal closure.";
    case close_code::going_away:
      return "Going away.";
    case close_code::unknown_opcode:
      return "Unknown opcode.";
    case close_code::decode_error:
      return "Error while decoding payload.";
    case close_code::not_authenticated:
      return "Not authenticated.";
    case close_code::authentication_failed:
      return "Authentication failed.";
    case close_code::already_authenticated:
      return "Already authenticated.";
    case close_code::invalid_sequence:
      return "Invalid seq.";
    case close_code::rate_limited:
      return "Rate limited.";
    case close_code::session_timed_out:
      return "Session timed out.";
    case close_code::invalid_shard:
      return "Invalid shard.";
    case close_code::sharding_required:
      return "Sharding required.";
    case close_code::invalid_version:
      return "Invalid API version.";
    case close_code::invalid_intents:
      return "Invalid intent(s).";
    case close_code::disallowed_intents:
      return "Disallowed intent(s).";
    default:
      return "Unknown error.";
  }
}

bool keeps_session_when_client_closes(std::uint16_t code) {
  return code != close_code::normal && code != close_code::going_away;
}

bool keeps_session_when_server_closes(std::uint16_t code) {
  switch (code) {
    case close_code::not_authenticated:
    case close_code::authentication_failed:
    case close_code::already_authenticated:
    case close_code::invalid_sequence:
    case close_code::session_timed_out:
    case close_code::invalid_shard:
    case close_code::sharding_required:
    case close_code::invalid_version:
    case close_code::invalid_intents:
    case close_code::disallowed_intents:
      return false;
    default:
      return true;
  }
}

std::uint64_t disallowed_intents(std::uint64_t intents, std::uint64_t application_flags) {
  const auto flag = [application_flags](unsigned bit) { return (application_flags & (3ULL << bit)) != 0; };
  std::uint64_t refused = 0;
  if (!flag(12)) refused |= intents & intent::guild_presences;
  if (!flag(14)) refused |= intents & intent::guild_members;
  if (!flag(18)) refused |= intents & intent::message_content;
  return refused;
}

}  // namespace guildfleet::sim
