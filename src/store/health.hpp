// How the servers and files behind a fleet are, as plain values: what `guildfleet doctor` judges. Looking
// changes nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace guildfleet::store {

// Of one application_name, which is a bot, or fleet@node.
struct connection_use {
  std::string application;
  std::uint32_t total = 0;
  std::uint32_t active = 0;               // 0 where the server hides it
  std::uint32_t idle_in_transaction = 0;  // the same
};

struct long_transaction {
  std::string application;
  std::int64_t pid = 0;
  std::chrono::milliseconds age{0};
  std::string state;  // "idle in transaction"
};

struct blocked_session {
  std::string application;
  std::int64_t pid = 0;
  std::chrono::milliseconds waits{0};
  std::string blocker;           // its application
  std::int64_t blocker_pid = 0;  // 0: a prepared transaction, which has no session
  std::string blocker_state;
};

struct table_dead_rows {
  std::string name;
  std::uint64_t live = 0;
  std::uint64_t dead = 0;
  std::uint64_t bytes = 0;                             // with its indexes, as of the last vacuum
  std::optional<std::chrono::seconds> since_vacuum{};  // nullopt: never
};

// So many transactions and waits are read at most: more may be there then.
inline constexpr std::size_t most_sessions_read = 20;

struct postgres_health {
  std::string place{};     // user@host:port/database
  std::string version{};   // "15.14"
  int version_number = 0;  // 150014
  std::chrono::microseconds connect_time{0};
  std::chrono::microseconds latency{0};  // of a statement that does nothing: the median of some
  bool in_recovery = false;              // a standby, which takes no writes
  std::uint32_t max_connections = 0;
  std::uint32_t reserved = 0;  // of those, for superusers
  std::optional<std::uint32_t> role_limit{};
  std::optional<std::uint32_t> database_limit{};
  std::uint32_t used = 0;                        // connections of clients, ours included
  std::vector<connection_use> by_application{};  // the most first
  bool sees_all = true;                          // false: states of other roles' sessions are hidden
  std::vector<long_transaction> transactions{};  // of this database; the oldest first
  std::vector<blocked_session> blocked{};        // the longest wait first; a session once for each blocker
  bool tells_waits = true;                       // false: `waits` is how long the statement has run
  std::vector<table_dead_rows> tables{};         // the fleet's; the most dead rows first
  bool autovacuum = true;
  std::uint64_t oldest_transaction_age = 0;  // in transactions, of this database
  std::chrono::milliseconds clock_ahead{0};  // the server's time of day less this machine's
};

// Blocks, for some seconds at most. Errors: store_error.
[[nodiscard]] base::result<postgres_health> look_at_health_of_postgres(const base::secret& url,
                                                                       const base::clock& clock);

struct sqlite_health {
  std::string path{};
  bool there = false;         // everything below is of a file that is
  std::string file_system{};  // "ext4", "nfs"; "0x1234" of one without a known name
  bool shared = false;        // other machines may write to it, or its locks are not to be trusted
  std::string journal_mode{};
  std::uint64_t bytes = 0;
  std::uint64_t log_bytes = 0;          // of the write-ahead log
  std::optional<std::string> damage{};  // what the check says; nullopt: it was not made, the file is large
  bool sound = false;                   // it was made, and found nothing
};

// Reads the whole file where it has at most this many bytes: more would take too long for somebody who waits.
inline constexpr std::uint64_t largest_checked_file = 512U << 20U;

// Blocks. Errors: store_error: it cannot be opened, or is no database.
[[nodiscard]] base::result<sqlite_health> look_at_health_of_sqlite(const std::string& path);

struct redis_health {
  std::string place{};
  std::chrono::microseconds connect_time{0};
  std::chrono::microseconds latency{0};       // of PING: the median of some
  std::optional<std::string> info_refused{};  // why what follows is unknown: the word that Redis said
  std::string version{};                      // "7.0.15"
  std::string role{};                         // "master"
  bool cluster = false;
  std::uint64_t used_memory = 0;
  std::uint64_t max_memory = 0;  // 0: no limit
  std::string eviction{};        // "noeviction"
  std::uint64_t evicted_keys = 0;
  std::uint64_t rejected_connections = 0;
  std::uint64_t clients = 0;
  std::uint64_t max_clients = 0;
  bool last_save_failed = false;
};

}  // namespace guildfleet::store
