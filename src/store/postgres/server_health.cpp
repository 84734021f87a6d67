#include <algorithm>
#include <array>

#include "store/health.hpp"
#include "store/postgres/transaction.hpp"

namespace guildfleet::store {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t pings = 5;

// Sessions of clients; of other roles' sessions the server hides most, their kind too.
constexpr const char* clients =
    "FROM pg_catalog.pg_stat_activity WHERE datname IS NOT NULL AND usesysid IS NOT NULL "
    "AND coalesce(backend_type, 'client backend') = 'client backend'";

constexpr const char* settings =
    "SELECT current_setting('server_version'), current_setting('server_version_num')::integer, "
    "pg_is_in_recovery()::integer, current_setting('max_connections')::integer, "
    "current_setting('superuser_reserved_connections')::integer + "
    "coalesce(current_setting('reserved_connections', true)::integer, 0), "
    "(SELECT rolconnlimit FROM pg_catalog.pg_roles WHERE rolname = current_user), "
    "(SELECT datconnlimit FROM pg_catalog.pg_database WHERE datname = current_database()), "
    "(current_setting('autovacuum') = 'on')::integer, "
    "(SELECT age(datfrozenxid) FROM pg_catalog.pg_database WHERE datname = current_database())::bigint";

std::string transactions() {
  return fmt::format(
      "SELECT coalesce(application_name, ''), pid, "
      "greatest(0, extract(epoch FROM clock_timestamp() - xact_start) * 1000)::bigint, coalesce(state, '') "
      "FROM pg_catalog.pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL "
      "AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY xact_start LIMIT {}",
      most_sessions_read);
}

// When the wait began; the server tells it a moment later. Before PostgreSQL 14 it does not know.
constexpr int version_with_waits = 140'000;
constexpr const char* wait_begun =
    "coalesce((SELECT min(l.waitstart) FROM pg_catalog.pg_locks l WHERE l.pid = a.pid AND NOT l.granted), "
    "clock_timestamp())";

// A prepared transaction blocks as pid 0; of a session's parallel workers the leader is named for each.
std::string blocked_since(const char* begun) {
  return fmt::format(
      "SELECT coalesce(a.application_name, ''), a.pid, "
      "greatest(0, extract(epoch FROM clock_timestamp() - begun.at) * 1000)::bigint, "
      "coalesce(b.application_name, ''), by.pid, coalesce(b.state, '') "
      "FROM pg_catalog.pg_stat_activity a CROSS JOIN LATERAL (SELECT {} AS at) AS begun "
      "CROSS JOIN LATERAL (SELECT DISTINCT unnest(pg_blocking_pids(a.pid)) AS pid) AS by "
      "LEFT JOIN pg_catalog.pg_stat_activity b ON b.pid = by.pid "
      "WHERE a.datname = current_database() AND a.wait_event_type = 'Lock' ORDER BY begun.at, a.pid LIMIT {}",
      begun, most_sessions_read);
}

// Sizes as of the last vacuum: the functions that measure them wait for a table that somebody has locked,
// which is when the doctor is asked.
constexpr const char* tables =
    "SELECT t.relname, t.n_live_tup, t.n_dead_tup, "
    "(SELECT sum(greatest(0, c.relpages))::bigint * current_setting('block_size')::bigint "
    "FROM pg_catalog.pg_class c WHERE c.oid = t.relid OR c.oid IN "
    "(SELECT indexrelid FROM pg_catalog.pg_index WHERE indrelid = t.relid)), "
    "extract(epoch FROM clock_timestamp() - greatest(t.last_vacuum, t.last_autovacuum))::bigint "
    "FROM pg_catalog.pg_stat_user_tables t WHERE t.schemaname = 'guildfleet' "
    "ORDER BY t.n_dead_tup DESC, t.relname";

std::optional<std::uint32_t> limit_in(const sql_rows& rows, int column) {
  if (rows.null(0, column) || rows.integer(0, column) < 0) return std::nullopt;
  return rows.small(0, column);
}

void read_settings(sql_transaction& in, postgres_health& out) {
  const sql_rows rows = in.exec(settings);
  out.version = rows.text(0, 0);
  out.version_number = static_cast<int>(rows.integer(0, 1));
  out.in_recovery = rows.integer(0, 2) != 0;
  out.max_connections = rows.small(0, 3);
  out.reserved = rows.small(0, 4);
  out.role_limit = limit_in(rows, 5);
  out.database_limit = limit_in(rows, 6);
  out.autovacuum = rows.integer(0, 7) != 0;
  out.oldest_transaction_age = rows.stored(0, 8);
}

void read_connections(sql_transaction& in, postgres_health& out) {
  const sql_rows rows = in.exec(fmt::format(
      "SELECT coalesce(application_name, ''), count(*), count(*) FILTER (WHERE state = 'active'), "
      "count(*) FILTER (WHERE state LIKE 'idle in transaction%'), "
      "count(*) FILTER (WHERE query = '<insufficient privilege>') {} GROUP BY 1 ORDER BY 2 DESC, 1",
      clients));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.by_application.push_back({rows.text(i, 0), rows.small(i, 1), rows.small(i, 2), rows.small(i, 3)});
    out.used += rows.small(i, 1);
    if (rows.integer(i, 4) > 0) out.sees_all = false;
  }
}

void read_locks(sql_transaction& in, postgres_health& out) {
  const sql_rows open = in.exec(transactions());
  for (std::size_t i = 0; i < open.size(); ++i)
    out.transactions.push_back(
        {open.text(i, 0), open.integer(i, 1), milliseconds(open.integer(i, 2)), open.text(i, 3)});
  out.tells_waits = out.version_number >= version_with_waits;
  const sql_rows waiting = in.exec(blocked_since(out.tells_waits ? wait_begun : "a.query_start"));
  for (std::size_t i = 0; i < waiting.size(); ++i)
    out.blocked.push_back({waiting.text(i, 0), waiting.integer(i, 1), milliseconds(waiting.integer(i, 2)),
                           waiting.text(i, 3), waiting.integer(i, 4), waiting.text(i, 5)});
}

void read_tables(sql_transaction& in, postgres_health& out) {
  const sql_rows rows = in.exec(tables);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    table_dead_rows one{rows.text(i, 0), rows.stored(i, 1), rows.stored(i, 2), rows.stored(i, 3),
                        std::nullopt};
    if (!rows.null(i, 4)) one.since_vacuum = std::chrono::seconds(rows.integer(i, 4));
    out.tables.push_back(std::move(one));
  }
}

// Also how far its clock is ahead, by the quickest answer.
void measure(sql_transaction& in, const base::clock& clock, postgres_health& out) {
  std::array<microseconds, pings> taken{};
  microseconds quickest = microseconds::max();
  for (microseconds& each : taken) {
    const base::steady_time begin = clock.steady_now();
    const base::wall_time before = clock.wall_now();
    const sql_rows rows = in.exec("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
    each = std::chrono::duration_cast<microseconds>(clock.steady_now() - begin);
    if (each >= quickest) continue;
    quickest = each;
    const milliseconds theirs(rows.integer(0, 0));
    out.clock_ahead = theirs - before.time_since_epoch() - std::chrono::duration_cast<milliseconds>(each / 2);
  }
  std::ranges::sort(taken);
  out.latency = taken[pings / 2];
}

}  // namespace

base::result<postgres_health> look_at_health_of_postgres(const base::secret& url, const base::clock& clock) {
  auto target = connection_target::parse(url, "guildfleet-doctor");
  if (!target) return std::unexpected(std::move(target).error());
  connection_pool pool(*std::move(target), {.connections = 1}, clock, base::random_source::from_system());
  postgres_health out;
  out.place = pool.target().shown();
  const base::steady_time begin = clock.steady_now();
  const auto connected = pool.run(call_kind::read, [](sql_transaction& in) { (void)in.exec("SELECT 1"); });
  if (!connected) return std::unexpected(connected.error());
  out.connect_time = std::chrono::duration_cast<microseconds>(clock.steady_now() - begin);
  // Each its own statement, without a transaction around them, in which the statistics would stand still.
  for (const auto& part : {read_settings, read_connections, read_locks, read_tables}) {
    postgres_health read = out;
    const auto done = pool.run(call_kind::read, [&](sql_transaction& in) {
      read = out;
      part(in, read);
    });
    if (!done) return std::unexpected(done.error());
    out = std::move(read);
  }
  const auto measured = pool.run(call_kind::read, [&](sql_transaction& in) { measure(in, clock, out); });
  if (!measured) return std::unexpected(measured.error());
  return out;
}

}  // namespace guildfleet::store
