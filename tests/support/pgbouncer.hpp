// pgbouncer in transaction mode before a PostgreSQL server of a test.
#pragma once

#include "support/postgres_server.hpp"

namespace guildfleet::support {

// `server` must outlive it. Throws when the program is missing, naming what to install.
class pgbouncer final {
 public:
  explicit pgbouncer(const postgres_server& server);

  [[nodiscard]] std::string url(const std::string& database) const;

 private:
  base::scratch_folder folder_;
  std::uint16_t port_;
  std::unique_ptr<child_process> process_;
};

// Before shared_postgres().
[[nodiscard]] pgbouncer& shared_pgbouncer();

}  // namespace guildfleet::support
