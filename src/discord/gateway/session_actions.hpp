// What a session machine asks its shell to do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "discord/gateway/send_budget.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::discord {

// Open a WebSocket; answer with on_connected or on_connect_failed. There is no open connection when this is
// given.
struct act_connect {
  std::string url;  // with its query
};
// Send one text message. Identify and Resume hold the token, hence the type.
struct act_send {
  base::secret payload;
  send_kind kind = send_kind::ordinary;
};
// The connection (or the attempt to connect) is over for the machine: close it with this code, in the
// background, and tell the machine nothing about it any more; in particular no on_closed. An act_connect may
// follow at once.
// Reasons of a close that mean: the connection was dead although it looked open.
inline constexpr std::string_view zombie_connection = "heartbeat not acknowledged";
inline constexpr std::string_view silent_connection = "silent shard";
struct act_close {
  std::uint16_t code = 0;
  std::string reason;
};
// Ask the identify gate; answer with on_identify_granted at the moment the gate opens.
struct act_request_identify {};
// Withdraw that request: the connection it was for is gone.
struct act_cancel_identify {};
// Discord has answered the Identify, with whatever it was, or the connection is gone: it is not on its way
// any more.
struct act_identify_answered {};
// READY came: a new session, to be written to the ledger.
struct act_session_started {
  std::string session_id;
  std::string resume_url;
  user_id self;
  application_id application;
  std::uint32_t guilds = 0;  // in READY's list
};
// The session cannot be resumed any more: forget the ledger's row. A new Identify follows.
struct act_session_lost {
  std::string reason;
};
// RESUMED came: everything missed has been replayed.
struct act_resumed {};
// Nothing follows any more. The message says what to fix.
struct act_fatal {
  std::uint16_t close_code = 0;  // 0: the circuit breaker
  base::error error;
};
struct act_log {
  base::log_level level = base::log_level::info;
  std::string_view sentence;  // a literal
  std::string detail;
};

using session_action = std::variant<act_connect, act_send, act_close, act_request_identify,
                                    act_cancel_identify, act_identify_answered, act_session_started,
                                    act_session_lost, act_resumed, act_fatal, act_log>;

}  // namespace guildfleet::discord
