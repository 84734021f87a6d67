// Transactions over a bounded number of connections.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "store/postgres/connection_watch.hpp"
#include "store/postgres/pool_metrics.hpp"
#include "store/postgres/sql_session.hpp"

namespace guildfleet::store {

struct pool_settings {
  std::size_t connections = 4;
  std::size_t waiting = 64;  // calls that may wait for a connection; more are refused
  // Waiting for a connection and all statements; after it the connection is cut. Making a connection may take
  // connect_timeout of the URL (3 s) for each host on top.
  std::chrono::milliseconds call_timeout{5000};
  std::chrono::milliseconds lock_timeout{2000};
  base::metrics* metrics = nullptr;  // outlives the pool
};

// How a call's statements hang together.
enum class call_kind {
  read,      // one statement, without a transaction of its own: a single round trip
  snapshot,  // several that only read, of one moment
  write      // all or nothing
};

// What a call may do. A write ends in COMMIT unless it was abandoned.
class sql_transaction final {
 public:
  explicit sql_transaction(sql_session& session) : session_(session) {}
  sql_rows exec(const std::string& statement, const sql_params& params = {}) {
    return session_.exec(statement, params);
  }
  void script(const std::string& statements) { session_.script(statements); }
  void abandon() { abandoned_ = true; }
  [[nodiscard]] bool abandoned() const { return abandoned_; }

 private:
  sql_session& session_;
  bool abandoned_ = false;
};

// Thread-safe: as many callers as connections work at once, others wait in order of the system's choice.
// `clock` must outlive it and be the system's. Connections are made when they are needed and kept.
class connection_pool final {
 public:
  connection_pool(connection_target target, pool_settings settings, const base::clock& clock,
                  base::random_source random);
  ~connection_pool();
  connection_pool(const connection_pool&) = delete;
  connection_pool& operator=(const connection_pool&) = delete;

  using body = std::function<void(sql_transaction&)>;  // may throw sql_failure

  // Runs `work` in a transaction of this kind. It may run again from its beginning: after a deadlock, or when
  // the connection turns out to have been closed while it was at rest; never after COMMIT was sent. Errors:
  // unreachable, refused, read_only, disk_full, busy, outcome_unknown, queue_full, timed_out, failed, ...
  [[nodiscard]] base::result<void> run(call_kind kind, const body& work);
  // The same with longer limits, for migrations.
  [[nodiscard]] base::result<void> run_slowly(std::chrono::milliseconds limit,
                                              std::chrono::milliseconds lock_limit, const body& work);

  // For a connection of one's own with the same parameters.
  [[nodiscard]] const connection_target& target() const { return target_; }

 private:
  struct time_limits {
    call_kind kind;
    std::chrono::milliseconds call;
    std::chrono::milliseconds lock;
  };
  struct borrowed {
    std::unique_ptr<sql_session> session;
    bool fresh = false;
    bool healthy = true;
  };
  struct attempt_failure {
    base::error error;
    bool rested_connection_was_gone = false;
    bool retryable = false;
  };

  base::result<void> run_within(const time_limits& limits, const body& work);
  base::result<borrowed> borrow(base::steady_time deadline);
  base::result<borrowed> connect(std::unique_lock<std::mutex>& lock);
  std::optional<borrowed> take_idle();
  void give_back(borrowed lent);
  void discard_idle();
  void show() const;
  std::optional<attempt_failure> attempt(borrowed& lent, const time_limits& limits, const body& work,
                                         base::steady_time deadline);
  static void undo(borrowed& lent, call_kind kind);
  [[nodiscard]] base::error explain_cut(bool committing, std::chrono::milliseconds limit) const;

  const connection_target target_;
  const pool_settings settings_;
  const base::clock& clock_;
  std::optional<pool_metrics> metrics_;
  connection_watch watch_;

  std::mutex mutex_;
  std::condition_variable changed_;
  pool_gate gate_;
  base::random_source random_;
  std::vector<std::unique_ptr<sql_session>> idle_;
  std::optional<base::error> last_failure_;  // of connecting
};

}  // namespace guildfleet::store
