#include "store/postgres/sql_error.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "store/error.hpp"

namespace guildfleet::store {
namespace {

struct known_code {
  std::string_view prefix;
  store_error code;
  std::string_view fix;
};

constexpr std::string_view wait_for_server =
    "See that the server runs and that this machine reaches it. A node that runs connects again by itself as "
    "soon as it answers; what was just being started is to be started again.";
constexpr std::string_view check_login =
    "Check user, password and database name in the URL, and the server's pg_hba.conf.";
constexpr std::string_view too_many =
    "Lower the pools of the nodes, raise max_connections of the server, or put pgbouncer in front of it.";

// The first that fits counts.
constexpr std::array known_codes{
    known_code{"", store_error::unreachable, wait_for_server},
    known_code{"08", store_error::unreachable, wait_for_server},
    known_code{"57P", store_error::unreachable, wait_for_server},
    known_code{"28", store_error::refused, check_login},
    known_code{"3D000", store_error::refused, "Create the database, or correct its name in the URL."},
    known_code{"42501", store_error::refused,
               "Give the user of the URL the rights to create and use schema guildfleet."},
    known_code{"53300", store_error::refused, too_many},
    known_code{"25006", store_error::read_only,
               "The server is a standby or was made read-only: point the URL at the primary "
               "(target_session_attrs=read-write with several hosts)."},
    known_code{"53100", store_error::disk_full, "Free space on the database server's disk."},
    known_code{"57014", store_error::busy, "Look in pg_stat_activity for what keeps the server busy."},
    known_code{"55P03", store_error::busy, "Look in pg_locks for the transaction that holds the lock."},
    known_code{"40", store_error::busy, "Try again: another transaction was in the way."},
    known_code{"25P03", store_error::busy, "The transaction stood idle for too long; try again."},
    known_code{"58", store_error::io_failed, "Look at the log of the database server."},
    known_code{"XX001", store_error::corrupt, "Look at the log of the database server; restore a backup."},
    known_code{"XX002", store_error::corrupt, "Look at the log of the database server; REINDEX repairs it."},
};

bool mentions(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Servers and poolers that are up, but not for us yet.
bool is_passing(std::string_view detail) {
  static constexpr std::array signs{std::string_view("starting up"),
                                    std::string_view("shutting down"),
                                    std::string_view("recovery mode"),
                                    std::string_view("login has been failing"),
                                    std::string_view("cannot connect to server"),
                                    std::string_view("query_wait_timeout"),
                                    std::string_view("conn crashed"),
                                    std::string_view("not yet accepting connections")};
  for (const std::string_view sign : signs) {
    if (mentions(detail, sign)) return true;
  }
  return false;
}

base::error error_of(store_error code, std::string_view server, std::string_view detail,
                     std::string_view fix) {
  return base::error(code, detail.empty() ? std::string(server) : fmt::format("{}: {}", server, detail),
                     std::string(fix));
}

}  // namespace

base::error explain_connect(std::string_view detail, std::string_view server) {
  if (mentions(detail, "too many") || mentions(detail, "connection slots are reserved") ||
      mentions(detail, "no more connections allowed"))
    return error_of(store_error::refused, server, detail, too_many);
  if (mentions(detail, "FATAL:") && !is_passing(detail))
    return error_of(store_error::refused, server, detail, check_login);
  if (mentions(detail, "certificate") || mentions(detail, "does not support SSL"))
    return error_of(store_error::refused, server, detail, "Check sslmode and sslrootcert in the URL.");
  if (mentions(detail, "read-write") || mentions(detail, "is read-only") || mentions(detail, "hot standby"))
    return error_of(store_error::read_only, server, detail, "No host of the URL accepts writes at present.");
  return error_of(store_error::unreachable, server, detail, wait_for_server);
}

base::error explain_sql(std::string_view sqlstate, std::string_view detail, std::string_view server) {
  for (const known_code& known : known_codes) {
    const bool fits = known.prefix.empty() ? sqlstate.empty() : sqlstate.starts_with(known.prefix);
    if (fits) return error_of(known.code, server, detail, known.fix);
  }
  return error_of(store_error::failed, server, fmt::format("{} ({})", detail, sqlstate),
                  "Please report this with the log.");
}

std::string_view sqlstate_in(std::string_view message) {
  static constexpr std::string_view before = ":  ";
  const auto at = message.find(before);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = message.substr(at + before.size());
  const bool whole = rest.size() > 5 && rest[5] == ':' && std::ranges::all_of(rest.substr(0, 5), [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
                     });
  return whole ? rest.substr(0, 5) : std::string_view();
}

bool is_retryable(std::string_view sqlstate) {
  return sqlstate == "40001" || sqlstate == "40P01";
}

base::error explain_unknown_outcome(std::string_view server) {
  return base::error(store_error::outcome_unknown, std::string(server),
                     "Read again before the change is repeated.");
}

}  // namespace guildfleet::store
