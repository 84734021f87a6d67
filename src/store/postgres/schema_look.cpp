#include "store/schema_look.hpp"

#include "store/postgres/migrations.hpp"
#include "store/postgres/transaction.hpp"

namespace guildfleet::store {

base::result<schema_look> look_at_postgres(const base::secret& url, const base::clock& clock) {
  auto target = connection_target::parse(url, "guildfleet-cli");
  if (!target) return std::unexpected(std::move(target).error());
  connection_pool pool(*std::move(target), {.connections = 1}, clock, base::random_source::from_system());
  const auto versions = read_schema_versions(pool);
  if (!versions) return std::unexpected(versions.error());
  schema_look out = look_of(*versions, store_component());
  out.place = pool.target().shown();
  const auto bytes = run_call(pool, call_kind::read, [](sql_transaction& in) {
    return in
        .exec(
            "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_catalog.pg_class "
            "WHERE relnamespace = to_regnamespace('guildfleet') AND relkind = 'r' AND NOT EXISTS "
            "(SELECT FROM pg_catalog.pg_locks WHERE relation = oid AND mode = 'AccessExclusiveLock')")
        .integer(0, 0);
  });
  if (!bytes) return std::unexpected(bytes.error());
  out.bytes = static_cast<std::uint64_t>(*bytes);
  return out;
}

}  // namespace guildfleet::store
