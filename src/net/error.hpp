// What can go wrong on the wire.
#pragma once

#include <string_view>
#include <system_error>

#include "base/error_enum.hpp"

namespace guildfleet::net {

enum class net_error {
  timed_out = 1,       // the deadline passed
  cancelled,           // our own side stopped
  closed,              // the peer closed the connection in an orderly way
  reset,               // the connection broke
  refused,             // nobody listens there
  unreachable,         // name resolution or routing failed
  tls_failed,          // handshake or certificate verification failed
  protocol_violation,  // the peer broke HTTP or WebSocket rules
  too_large,           // a message is over its limit
  bad_url,             // not an URL this program can use
  address_in_use,      // a listener's address is taken
  permission_denied,   // a listener's port needs rights this process lacks
};

[[nodiscard]] std::string_view sentence(net_error value);
[[nodiscard]] inline std::error_code make_error_code(net_error value) {
  return base::enum_error_code(value, "net");
}

}  // namespace guildfleet::net

template <>
struct std::is_error_code_enum<guildfleet::net::net_error> : std::true_type {};
