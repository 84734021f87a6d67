// GD30x: the PostgreSQL server.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/count_text.hpp"
#include "ops/doctor/judgement.hpp"
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
using store::postgres_health;

constexpr std::size_t most_named = 5;

std::string shown(std::string_view application) {
  return application.empty() ? "(without a name)" : std::string(application);
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
    if (old.size() < most_named)
      old.push_back(fmt::format("{} (pid {}) for {}, {}", shown(each.application), each.pid,
                                time_text(each.age),
                                each.state.empty() ? "its state is hidden" : each.state));
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
       .seen = fmt::format("{}", fmt::join(old, "; ")),
       .meaning =
           "While a transaction is open, rows that died since it began cannot be removed, and its locks "
           "stay: tables grow, migrations wait. Ours end within 5 s, so it is somebody else's.",
       .todo = fmt::format("End it where it was begun, or here: SELECT pg_terminate_backend({}); and set "
                           "idle_in_transaction_session_timeout for that role.",
                           pid)});
}

void judge_blocked(const postgres_health& of, notebook& notes) {
  std::vector<std::string> waits;
  std::int64_t blocker = 0;
  for (const store::blocked_session& each : of.blocked) {
    if (each.waits < blocked_from) continue;
    if (blocker == 0) blocker = each.blocker_pid;
    if (waits.size() < most_named)
      waits.push_back(fmt::format("{} (pid {}) for {} on {} (pid {}, {})", shown(each.application), each.pid,
                                  time_text(each.waits), shown(each.blocker), each.blocker_pid,
                                  each.blocker_state.empty() ? "its state is hidden" : each.blocker_state));
  }
  if (waits.empty()) {
    notes.fine(check::blocked, of.place, "nobody waits for a lock");
    return;
  }
  notes.say(check::blocked, of.place,
            {.how = grade::error,
             .seen = fmt::format("{} wait: {}", waits.size(), fmt::join(waits, "; ")),
             .meaning = "Calls of the bots give up after 2 s without the lock; leases may end.",
             .todo = fmt::format("End what holds the lock: SELECT pg_terminate_backend({});", blocker)});
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

}  // namespace

void judge_database(const database_facts& of, diagnosis& into) {
  notebook notes(into);
  const auto* server = notes.read(check::postgres_reach, "", of.server,
                                  {.how = grade::error,
                                   .seen = {},
                                   .meaning = "Without it nodes that start stop at once, and those that run "
                                              "act for nobody when their leases end.",
                                   .todo = "See whether the server runs and takes connections from here: "
                                           "psql \"$DATABASE_URL\" -c 'SELECT 1'."});
  if (server == nullptr) return;
  judge_reachable(*server, notes);
  judge_version(*server, notes);
  judge_connections(of, *server, notes);
  judge_transactions(*server, notes);
  judge_blocked(*server, notes);
  judge_dead_rows(*server, notes);
  judge_age(*server, notes);
  if (!server->sees_all)
    into.not_asked.push_back({section::database, "states of other users' sessions",
                              "the role may not see them; GRANT pg_read_all_stats TO it shows them"});
  judge_schema(server->place, of.schema, notes);
}

}  // namespace guildfleet::ops::doctor
