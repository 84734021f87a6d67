// What a PostgreSQL server says, in the words of store_error, with the fix.
#pragma once

#include <exception>
#include <string_view>

#include "base/result.hpp"

namespace guildfleet::store {

// Thrown by sql_session, caught by connection_pool::run; leaves the room as a value.
class sql_failure final : public std::exception {
 public:
  // connection_lost: nothing more can be done with this connection. retryable: a deadlock or a serialization
  // failure; the whole transaction may be repeated.
  sql_failure(base::error error, bool connection_lost, bool retryable = false)
      : error_(std::move(error)), connection_lost_(connection_lost), retryable_(retryable) {}

  [[nodiscard]] const char* what() const noexcept override { return "a statement failed"; }
  [[nodiscard]] const base::error& error() const { return error_; }
  [[nodiscard]] bool connection_lost() const { return connection_lost_; }
  [[nodiscard]] bool retryable() const { return retryable_; }

 private:
  base::error error_;
  bool connection_lost_;
  bool retryable_;
};

// A connection that could not be made. Servers give no code here, only a text: `detail`.
[[nodiscard]] base::error explain_connect(std::string_view detail, std::string_view server);

// A statement that failed; codes from appendix A of PostgreSQL's manual. An empty code: the connection broke.
[[nodiscard]] base::error explain_sql(std::string_view sqlstate, std::string_view detail,
                                      std::string_view server);
// The code in "ERROR:  40P01: deadlock detected"; empty when there is none.
[[nodiscard]] std::string_view sqlstate_in(std::string_view message);
[[nodiscard]] bool is_retryable(std::string_view sqlstate);

// The connection broke, or the server did not answer, while COMMIT was under way.
[[nodiscard]] base::error explain_unknown_outcome(std::string_view server);

}  // namespace guildfleet::store
