// GD30x: the PostgreSQL server.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "base/count_text.hpp"
#include "ops/doctor/judgement.hpp"
#include "ops/doctor/named.hpp"
#include "ops/doctor/notebook.hpp"
#include "ops/doctor/schema_judgement.hpp"
#include "ops/doctor/thresholds.hpp"
#include "ops/plan/budget_plan.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::ops::doctor {
namespace {

using base::count_text;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using store::postgres_health;

constexpr std::size_t most_named = 5;

std::string shown(std::string_view application) {
  return application.empty() ? "(without a name)" : std::string(application);
}

std::string_view shown_state(std::string_view state) {
  return state.empty() ? "its state is hidden" : state;
}

void judge_reachable(const postgres_health& of, notebook& notes) {
  if (of.in_recovery) {
    notes.say(check::postgres_reach, of.place,
              {.how = grade::error,
               .seen = "it is a standby",
               .meaning = "It takes no writes: no lease can be renewed, nothing saved.",
               .todo = "Let store.database_url name the primary: with several hosts in it, add "
                       "target_session_attrs=read-write."});
    return;
  }
  const std::string seen = fmt::format("a statement takes {:.1f} ms, a connection {:.0f} ms",
                                       static_cast<double>(of.latency.count()) / 1e3,
                                       static_cast<double>(of.connect_time.count()) / 1e3);
  if (of.latency < slow_database) {
    notes.fine(check::postgres_reach, of.place, seen);
    return;
  }
  notes.say(
      check::postgres_reach, of.place,
      {.how = of.latency < very_slow_database ? grade::note : grade::warning,
       .seen = seen,
       .meaning =
           "Reading settings waits two seconds at most, in an interaction that has three; each lease is "
           "renewed over this way too.",
       .todo = "Run the nodes beside the database, or look at what the server is busy with."});
}

void judge_version(const postgres_health& of, notebook& notes) {
  const int major = of.version_number / 10'000;
  if (major >= oldest_supported_postgres) {
    notes.fine(check::postgres_version, of.place, of.version);
    return;
  }
  notes.say(check::postgres_version, of.place,
            {.how = grade::warning,
             .seen = of.version,
             .meaning = fmt::format(
                 "PostgreSQL before {} gets no fixes any more, and this program is tested with 15.",
                 oldest_supported_postgres),
             .todo = "Plan an upgrade: `pg_upgrade`, or `guildfleet db copy` into a new server."});
}

// What is the tightest of the server's, the database's and the role's limit.
std::uint32_t usable_connections(const postgres_health& of) {
  std::uint32_t out = of.max_connections - std::min(of.max_connections, of.reserved);
  if (of.role_limit) out = std::min(out, *of.role_limit);
  if (of.database_limit) out = std::min(out, *of.database_limit);
  return out;
}

std::string users_of(const postgres_health& of) {
  std::vector<std::string> out;
  for (const store::connection_use& each : of.by_application) {
    if (out.size() == most_named) break;
    out.push_back(fmt::format("{} {}", shown(each.application), each.total));
  }
  if (of.by_application.size() > out.size())
    out.push_back(fmt::format("{} others", of.by_application.size() - out.size()));
  return fmt::format("{}", fmt::join(out, ", "));
}

void judge_connections(const database_facts& of, const postgres_health& server, notebook& notes) {
  const std::uint32_t usable = usable_connections(server);
  const connection_plan need = plan_connections({.nodes = of.nodes,
                                                 .per_node = of.connections_per_node,
                                                 .listens = of.listens,
                                                 .max_connections = usable});
  const std::string seen =
      fmt::format("{} of {} used ({}); {} ({}) use {} at most, twice that in a rollout", server.used, usable,
                  users_of(server), count_text(of.nodes, "node"), of.nodes_by, need.usual);
  const double full = usable == 0 ? 1 : static_cast<double>(server.used) / usable;
  const std::string todo = fmt::format(
      "Raise max_connections to {} (ALTER SYSTEM SET max_connections = {}; it takes a restart of the "
      "server), lower "
      "store.connections, or put pgbouncer in between.",
      std::max(100U, (need.in_a_rollout + connections_kept) * 5 / 4),
      std::max(100U, (need.in_a_rollout + connections_kept) * 5 / 4));
  if (full >= connections_exhausted) {
    notes.say(check::postgres_connections, server.place,
              {.how = grade::error,
               .seen = seen,
               .meaning = "The next connection may be refused: a node that starts or reconnects gets none.",
               .todo = todo});
  } else if (full >= connections_full) {
    notes.say(check::postgres_connections, server.place,
              {.how = grade::warning,
               .seen = seen,
               .meaning = "A few more clients and connections are refused.",
               .todo = todo});
  } else if (need.in_a_rollout > usable) {
    notes.say(
        check::postgres_connections, server.place,
        {.how = grade::warning,
         .seen = seen,
         .meaning = "In a rollout the nodes of both releases run, and not all of them get their connections.",
         .todo = todo});
  } else {
    notes.fine(check::postgres_connections, server.place, seen);
  }
}

void judge_transactions(const postgres_health& of, notebook& notes) {
  std::vector<std::string> old;
  milliseconds oldest{0};
  std::int64_t pid = 0;
  for (const store::long_transaction& each : of.transactions) {
    if (each.age < long_transaction_from) continue;
    if (each.age > oldest) {
      oldest = each.age;
      pid = each.pid;
    }
    old.push_back(fmt::format("{} (pid {}) for {}, {}", shown(each.application), each.pid,
                              time_text(each.age), shown_state(each.state)));
  }
  if (old.empty()) {
    notes.fine(check::long_transactions, of.place,
               of.transactions.empty()
                   ? std::string("none")
                   : fmt::format("the oldest has run for {}", time_text(of.transactions.front().age)));
    return;
  }
  notes.say(
      check::long_transactions, of.place,
      {.how = oldest < very_long_transaction_from ? grade::warning : grade::error,
       .seen =
           named(old, {.most = most_named, .between = "; ", .cut = old.size() >= store::most_sessions_read}),
       .meaning =
           "While a transaction is open, rows that died since it began cannot be removed, and its locks "
           "stay: tables grow, migrations wait. Ours end within 5 s, so it is somebody else's.",
       .todo = fmt::format("End it where it was begun, or here: SELECT pg_terminate_backend({}); and set "
                           "idle_in_transaction_session_timeout for that role.",
                           pid)});
}

// "garden@one (pid 7) for 3.0 s on psql (pid 8, idle in transaction)"
std::string wait_text(const store::blocked_session& of, bool tells_waits) {
  const std::string blocker =
      of.blocker_pid == 0
          ? "a prepared transaction"
          : fmt::format("{} (pid {}, {})", shown(of.blocker), of.blocker_pid, shown_state(of.blocker_state));
  return tells_waits ? fmt::format("{} (pid {}) for {} on {}", shown(of.application), of.pid,
                                   time_text(of.waits), blocker)
                     : fmt::format("{} (pid {}) on {}, its statement runs for {}", shown(of.application),
                                   of.pid, blocker, time_text(of.waits));
}

std::string how_to_unblock(const store::blocked_session& of) {
  if (of.blocker_pid != 0)
    return fmt::format("End what holds the lock: SELECT pg_terminate_backend({});", of.blocker_pid);
  return "It has no session that could be ended. Find it: SELECT gid, prepared, owner, database FROM "
         "pg_prepared_xacts; then end it in its database: ROLLBACK PREPARED 'gid', or COMMIT PREPARED where "
         "the other parts of it were committed.";
}

void judge_blocked(const postgres_health& of, notebook& notes) {
  std::vector<std::string> waits;
  std::set<std::int64_t> sessions;
  const store::blocked_session* longest = nullptr;
  for (const store::blocked_session& each : of.blocked) {
    if (each.waits < blocked_from) continue;
    if (longest == nullptr) longest = &each;
    sessions.insert(each.pid);
    waits.push_back(wait_text(each, of.tells_waits));
  }
  if (longest == nullptr) {
    notes.fine(check::blocked, of.place, "nobody waits for a lock");
    return;
  }
  const bool cut = waits.size() >= store::most_sessions_read;
  notes.say(check::blocked, of.place,
            {.how = grade::error,
             .seen = fmt::format(
                 "{}{}: {}", cut ? "at least " : "",
                 sessions.size() == 1 ? "1 session waits" : fmt::format("{} sessions wait", sessions.size()),
                 named(waits, {.most = most_named, .between = "; ", .cut = cut})),
             .meaning = "Calls of the bots give up after 2 s without the lock; leases may end.",
             .todo = how_to_unblock(*longest)});
}

void judge_dead_rows(const postgres_health& of, notebook& notes) {
  std::vector<std::string> bloated;
  for (const store::table_dead_rows& each : of.tables) {
    const auto all = static_cast<double>(each.live + each.dead);
    if (each.dead < dead_rows_that_matter || static_cast<double>(each.dead) < all * dead_share) continue;
    const std::string since =
        each.since_vacuum ? time_text(duration_cast<milliseconds>(*each.since_vacuum)) + " ago" : "never";
    bloated.push_back(fmt::format("{} ({} of {} rows, {}; vacuumed {})", each.name, grouped(each.dead),
                                  grouped(each.live + each.dead), bytes_text(static_cast<double>(each.bytes)),
                                  since));
  }
  if (!of.autovacuum) {
    notes.say(check::dead_rows, of.place,
              {.how = grade::error,
               .seen = "autovacuum is off",
               .meaning =
                   "Rows that were changed stay for ever: leases are renewed each second, so tables grow and "
                   "everything becomes slower.",
               .todo = "ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf();"});
  } else if (bloated.empty()) {
    notes.fine(check::dead_rows, of.place, "autovacuum keeps up");
  } else {
    notes.say(
        check::dead_rows, of.place,
        {.how = grade::warning,
         .seen = fmt::format("{}", fmt::join(bloated, ", ")),
         .meaning =
             "Autovacuum does not keep up with changes, or a long transaction keeps it from removing them.",
         .todo = "End long transactions (GD304), then: VACUUM (VERBOSE, ANALYZE) of these tables."});
  }
}

void judge_age(const postgres_health& of, notebook& notes) {
  const std::string seen = fmt::format("{} transactions", grouped(of.oldest_transaction_age));
  if (of.oldest_transaction_age < old_transactions) {
    notes.fine(check::transaction_age, of.place, seen);
    return;
  }
  notes.say(
      check::transaction_age, of.place,
      {.how = of.oldest_transaction_age < very_old_transactions ? grade::warning : grade::error,
       .seen = seen,
       .meaning = "At about 2,000 million PostgreSQL takes no writes any more until it was vacuumed.",
       .todo =
           "End long transactions and old prepared ones (SELECT * FROM pg_prepared_xacts), then run: VACUUM "
           "FREEZE;"});
}

void judge_clock(const postgres_health& of, notebook& notes) {
  const milliseconds off = std::chrono::abs(of.clock_ahead);
  if (off < clock_off) {
    notes.fine(check::postgres_clock, of.place,
               fmt::format("within {} s of this machine's", duration_cast<seconds>(clock_off).count()));
    return;
  }
  notes.say(check::postgres_clock, of.place,
            {.how = grade::warning,
             .seen = fmt::format("{} {} this machine's", time_text(off),
                                 of.clock_ahead.count() > 0 ? "ahead of" : "behind"),
             .meaning = fmt::format("Timers are set by the clock of a node and run by the database's: they "
                                    "come {} by that much. Leases do not mind.",
                                    of.clock_ahead.count() > 0 ? "early" : "late"),
             .todo = "Let both take the time from the same service (chrony, systemd-timesyncd); GD202 tells "
                     "whether it is this machine that is off."});
}

}  // namespace

void judge_database(const database_facts& of, diagnosis& into) {
  notebook notes(into);
  const auto* server =
      notes.read(check::postgres_reach, "", of.server,
                 {.how = grade::error,
                  .seen = {},
                  .meaning = "Without it nodes that start stop at once, and those that run "
                             "act for nobody when their leases end.",
                  .todo = "See whether the server runs and takes connections from here: "
                          "psql -h HOST -U USER -d DATABASE -c 'SELECT 1', which asks for "
                          "the password or takes it from PGPASSFILE; a password in a command "
                          "can be read by every user of the machine."});
  if (server == nullptr) return;
  judge_reachable(*server, notes);
  judge_version(*server, notes);
  judge_connections(of, *server, notes);
  judge_transactions(*server, notes);
  judge_blocked(*server, notes);
  judge_dead_rows(*server, notes);
  judge_age(*server, notes);
  judge_clock(*server, notes);
  if (!server->sees_all)
    into.not_asked.push_back({section::database, "states of other users' sessions",
                              "the role may not see them; GRANT pg_read_all_stats TO it shows them"});
  judge_schema(server->place, of.schema, notes);
}

}  // namespace guildfleet::ops::doctor
