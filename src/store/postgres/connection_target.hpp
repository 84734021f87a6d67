// Where a PostgreSQL server is and how to get in, read from a connection URL once.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace guildfleet::store {

// Immutable; may be read from any thread.
class connection_target final {
 public:
  // `url` as libpq understands it (postgresql://user:password@host:port/database?sslmode=verify-full, several
  // hosts allowed); what it says about time-outs, keepalives and TLS counts, the rest is filled in. Error
  // cannot_open: it is none; the text never repeats the URL.
  [[nodiscard]] static base::result<connection_target> parse(const base::secret& url,
                                                             std::string_view application_name);

  // "user@host:port/database", for errors and logs.
  [[nodiscard]] const std::string& shown() const { return shown_; }
  // Connection parameters for libpq, the password among them.
  [[nodiscard]] const base::secret& parameters() const { return parameters_; }
  // The first line of what a server or library said, without the password.
  [[nodiscard]] std::string scrub(std::string_view text) const;

 private:
  connection_target() = default;

  std::string shown_;
  base::secret parameters_;
  base::secret password_;
};

}  // namespace guildfleet::store
