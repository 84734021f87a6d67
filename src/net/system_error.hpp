// Translates the operating system's and Asio's error codes. Private to net/.
#pragma once

#include <boost/system/error_code.hpp>

#include "net/error.hpp"

namespace guildfleet::net {

// While reading or writing on a connection that was once open.
[[nodiscard]] net_error error_of_transfer(const boost::system::error_code& code);
// While resolving, connecting or listening.
[[nodiscard]] net_error error_of_opening(const boost::system::error_code& code);

}  // namespace guildfleet::net
