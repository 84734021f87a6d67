// One connection to a PostgreSQL server.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "store/postgres/connection_target.hpp"
#include "store/postgres/sql_values.hpp"

namespace guildfleet::store {

// One thread at a time; calls block. No prepared statements and no session state: a pooler may give each
// transaction another server connection.
class sql_session final {
 public:
  // Blocks for at most connect_timeout for each host. Errors: unreachable, refused, read_only.
  [[nodiscard]] static base::result<std::unique_ptr<sql_session>> connect(const connection_target& target);
  ~sql_session();
  sql_session(const sql_session&) = delete;
  sql_session& operator=(const sql_session&) = delete;

  // These throw sql_failure.
  sql_rows exec(const std::string& statement, const sql_params& params = {});
  void script(const std::string& statements);  // several, without parameters

  [[nodiscard]] bool open() const;
  // A connection at rest to which the server has said something has been closed by it.
  [[nodiscard]] bool stale() const;
  // A second handle of the socket, for shutdown() from another thread: it stays this connection's even when
  // the library has closed its own.
  [[nodiscard]] int socket_handle() const { return socket_; }

 private:
  struct impl;
  explicit sql_session(std::unique_ptr<impl> made);

  std::unique_ptr<impl> impl_;
  int socket_ = -1;
};

}  // namespace guildfleet::store
