#include "net/system_error.hpp"

#include <boost/asio/error.hpp>

namespace guildfleet::net {

namespace errc = boost::system::errc;

net_error error_of_transfer(const boost::system::error_code& code) {
  if (code == boost::asio::error::operation_aborted) return net_error::cancelled;
  if (code == boost::asio::error::eof) return net_error::closed;
  return net_error::reset;
}

net_error error_of_opening(const boost::system::error_code& code) {
  if (code == boost::asio::error::operation_aborted) return net_error::cancelled;
  if (code == errc::timed_out) return net_error::timed_out;
  if (code == errc::connection_refused) return net_error::refused;
  if (code == errc::address_in_use) return net_error::address_in_use;
  if (code == errc::permission_denied) return net_error::permission_denied;
  if (code == errc::connection_reset) return net_error::reset;
  return net_error::unreachable;
}

}  // namespace guildfleet::net
