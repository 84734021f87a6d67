#include "net/error.hpp"

namespace guildfleet::net {

std::string_view sentence(net_error value) {
  switch (value) {
    case net_error::timed_out:
      return "the operation took too long";
    case net_error::cancelled:
      return "this program stopped the operation";
    case net_error::closed:
      return "the peer closed the connection";
    case net_error::reset:
      return "the connection broke";
    case net_error::refused:
      return "nobody listens there";
    case net_error::unreachable:
      return "the host cannot be reached";
    case net_error::tls_failed:
      return "no secure connection could be made";
    case net_error::protocol_violation:
      return "the peer broke the protocol";
    case net_error::too_large:
      return "the message is over its limit";
    case net_error::bad_url:
      return "this is not an URL that can be used";
    case net_error::address_in_use:
      return "the address is in use";
    case net_error::permission_denied:
      return "this process may not listen there";
  }
  return "unknown network error";
}

}  // namespace guildfleet::net
