#include "integration/lease_witness.hpp"

#include <stdexcept>

#include "base/random.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/postgres/sql_error.hpp"
#include "store/postgres/sql_session.hpp"

namespace guildfleet::integration {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr const char* witness_sql = R"sql(
CREATE SCHEMA witness;
CREATE TABLE witness.change(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  shard integer NOT NULL, node text NOT NULL, incarnation bigint NOT NULL, epoch bigint NOT NULL,
  handed_over boolean NOT NULL, expires_ms bigint NOT NULL, at_us bigint NOT NULL);
CREATE FUNCTION witness.note() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN
  INSERT INTO witness.change(shard, node, incarnation, epoch, handed_over, expires_ms, at_us)
  VALUES (NEW.shard_index, NEW.node, NEW.incarnation, NEW.epoch, NEW.renewed_ms = 0, NEW.expires_ms,
          floor(extract(epoch FROM clock_timestamp()) * 1000000));
  RETURN NULL;
END $f$;
CREATE TRIGGER witness AFTER INSERT OR UPDATE ON guildfleet.lease
  FOR EACH ROW EXECUTE FUNCTION witness.note();
)sql";

// Read with the least time between the two.
nanoseconds wall_ahead_of_monotonic() {
  auto least = nanoseconds::max();
  nanoseconds ahead{0};
  for (int i = 0; i < 100; ++i) {
    const auto before = std::chrono::steady_clock::now();
    const auto wall = std::chrono::system_clock::now();
    const auto took = std::chrono::steady_clock::now() - before;
    if (took >= least) continue;
    least = took;
    ahead = wall.time_since_epoch() - (before + took / 2).time_since_epoch();
  }
  return ahead;
}

template <class Use>
auto ask(const support::postgres_server& server, const std::string& database, Use use) {
  const auto target = store::connection_target::parse(base::secret(server.url(database)), "witness");
  auto session = store::sql_session::connect(*target);
  if (!session) throw std::runtime_error(session.error().message());
  try {
    return use(**session);
  } catch (const store::sql_failure& failure) {
    throw std::runtime_error(failure.error().message());
  }
}

}  // namespace

lease_witness::lease_witness(support::postgres_server& server, std::string database)
    : server_(server), database_(std::move(database)), wall_ahead_(wall_ahead_of_monotonic()) {
  const base::system_clock clock;
  const auto made = store::open_postgres_store(
      {.url = base::secret(server_.url(database_)), .node = {"witness", 1}, .application_name = "witness"},
      clock, base::random_source(1));
  if (!made) throw std::runtime_error(made.error().message());
  server_.run(witness_sql, database_);
}

std::vector<lease_change> lease_witness::changes() const {
  return ask(server_, database_, [this](store::sql_session& in) {
    const auto rows = in.exec(
        "SELECT shard, node, incarnation, epoch, handed_over::integer, expires_ms, at_us FROM witness.change "
        "ORDER BY id");
    std::vector<lease_change> out;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      out.push_back({.shard = rows.small(row, 0),
                     .node = rows.text(row, 1),
                     .incarnation = rows.stored(row, 2),
                     .epoch = rows.stored(row, 3),
                     .handed_over = rows.integer(row, 4) != 0,
                     .expires = monotonic(milliseconds(rows.integer(row, 5))),
                     .at = monotonic(microseconds(rows.integer(row, 6)))});
    }
    return out;
  });
}

std::vector<std::uint32_t> lease_witness::owned_by(const std::string& node) const {
  return ask(server_, database_, [&node](store::sql_session& in) {
    const auto rows = in.exec(
        "SELECT shard_index FROM guildfleet.lease WHERE node = $1 AND expires_ms > guildfleet.store_ms() "
        "ORDER BY shard_index",
        store::sql_params().text(node));
    std::vector<std::uint32_t> out;
    for (std::size_t row = 0; row < rows.size(); ++row) out.push_back(rows.small(row, 0));
    return out;
  });
}

bool lease_witness::clocks_are_steady() const {
  return std::chrono::abs(wall_ahead_of_monotonic() - wall_ahead_) < tolerance / 2;
}

base::steady_time lease_witness::monotonic(microseconds since_1970) const {
  return base::steady_time(since_1970 - wall_ahead_);
}

}  // namespace guildfleet::integration
