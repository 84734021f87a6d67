// Files that users attach, from Discord's CDN.
#pragma once

#include <string>

#include "base/result.hpp"
#include "net/io.hpp"

namespace guildfleet::features {

class attachment_port {
 public:
  virtual ~attachment_port() = default;

  // The bytes behind `url`, an attachment's own. Within 10 s, from any reactor. Errors: invalid_request for
  // an address that is not Discord's, not_found when it is no longer there, net_error (too_large over
  // `max_bytes`).
  [[nodiscard]] virtual net::task<base::result<std::string>> fetch(std::string url,
                                                                   std::size_t max_bytes) = 0;
};

}  // namespace guildfleet::features
