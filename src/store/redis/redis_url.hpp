// REDIS_URL: where Redis is and how to get in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace guildfleet::store {

struct redis_url {
  std::string host;
  std::uint16_t port = 6379;
  bool tls = false;
  std::string user;       // empty: the default user
  base::secret password;  // empty: none is sent
  std::uint32_t database = 0;

  // "redis.example:6379/2", for logs: neither user nor password.
  [[nodiscard]] std::string place() const;
};

// redis://[[user]:password@]host[:port][/database], rediss:// with TLS; user and password percent-encoded.
// Error: bad_url, which never repeats the text.
[[nodiscard]] base::result<redis_url> parse_redis_url(std::string_view text);

}  // namespace guildfleet::store
