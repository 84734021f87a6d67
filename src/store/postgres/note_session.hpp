// A connection that listens to one channel of a PostgreSQL server.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/postgres/connection_target.hpp"

namespace guildfleet::store {

// One thread. Apart from sql_session: the library gives no notes to a connection with a transaction on it.
class note_session final {
 public:
  // Blocks for at most connect_timeout for each host. Errors: unreachable, refused, read_only.
  [[nodiscard]] static base::result<std::unique_ptr<note_session>> connect(const connection_target& target);
  ~note_session();
  note_session(const note_session&) = delete;
  note_session& operator=(const note_session&) = delete;

  // These throw sql_failure when the connection is broken.
  void listen(const std::string& channel);              // once
  void check();                                         // asks the server for a sign of life
  [[nodiscard]] std::vector<std::string> take_notes();  // what has come; never waits

  [[nodiscard]] int socket_handle() const { return socket_; }

 private:
  struct impl;
  explicit note_session(std::unique_ptr<impl> made);

  std::unique_ptr<impl> impl_;
  int socket_ = -1;
};

}  // namespace guildfleet::store
