#include "store/postgres/postgres_store.hpp"

#include <vector>

#include "store/postgres/data_tables.hpp"
#include "store/postgres/migrations.hpp"
#include "store/postgres/session_tables.hpp"

namespace guildfleet::store {
namespace {

std::vector<component_tables> all_components(std::span<const feature_tables> features) {
  std::vector<component_tables> all{store_component()};
  for (const feature_tables& feature : features)
    all.push_back({.component = feature.component, .migrations = feature.postgres});
  return all;
}

}  // namespace

base::result<opened_store> open_postgres_store(const postgres_settings& settings, const base::clock& clock,
                                               base::random_source random) {
  auto target = connection_target::parse(settings.url, settings.application_name);
  if (!target) return std::unexpected(std::move(target).error());
  const pool_settings limits{.connections = settings.connections,
                             .call_timeout = settings.call_timeout,
                             .lock_timeout = settings.lock_timeout,
                             .metrics = settings.metrics};
  auto pool = std::make_shared<connection_pool>(*std::move(target), limits, clock, random);
  if (auto migrated = migrate_postgres(*pool, all_components(settings.features)); !migrated)
    return std::unexpected(std::move(migrated).error());
  auto sessions = make_session_store(pool, settings.node);
  if (!sessions) return std::unexpected(std::move(sessions).error());
  return opened_store{.sessions = *std::move(sessions), .data = make_data_store(pool)};
}

}  // namespace guildfleet::store
