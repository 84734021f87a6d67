// What to do when the gateway closes the connection (protocol sheet 1.11).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "discord/gateway/error.hpp"
#include "discord/model/ids.hpp"
#include "discord/model/intents.hpp"

namespace guildfleet::discord {

enum class next_step : std::uint8_t {
  resume,    // the session probably lives
  identify,  // the session is gone
  fatal,     // trying again cannot help
};

struct close_reaction {
  next_step step = next_step::resume;
  bool back_off = false;      // not at once
  bool client_error = false;  // our own mistake: the circuit breaker counts it
  std::string_view name;      // as the documentation calls it
};

// The one place that knows. 0 stands for a lost TCP connection. Unknown codes: resume.
[[nodiscard]] close_reaction react_to_close(std::uint16_t code);

// The error of a fatal code, with a fix a bot's owner can follow. Precondition: react_to_close(code).step is
// fatal.
[[nodiscard]] base::error fatal_close_error(std::uint16_t code, intent_set asked, shard_id shard);

// Codes that we close with. Any code but 1000 and 1001 keeps the session resumable for some minutes.
inline constexpr std::uint16_t close_keeping_session = 4900;
inline constexpr std::uint16_t close_ending_session = 1000;

}  // namespace guildfleet::discord
