#include "cli/configured_stores.hpp"

#include <algorithm>

namespace guildfleet::cli {

std::vector<configured_store> stores_of(const ops::fleet_config& config) {
  std::vector<configured_store> out;
  if (!config.store.database_url.empty()) out.push_back({config.bots.front().name, ""});
  if (!config.store.uses_sqlite()) return out;
  for (const ops::bot_section& bot : config.bots) {
    if (std::ranges::find(out, bot.sqlite_path, &configured_store::path) == out.end())
      out.push_back({bot.name, bot.sqlite_path});
  }
  return out;
}

base::result<store::schema_look> look_at(const ops::fleet_config& config, const configured_store& which,
                                         const base::clock& clock) {
  return which.path.empty() ? store::look_at_postgres(config.store.database_url, clock)
                            : store::look_at_sqlite(which.path);
}

base::result<std::unique_ptr<store::table_side>> open_configured(const ops::fleet_config& config,
                                                                 const configured_store& which,
                                                                 const base::clock& clock) {
  return which.path.empty() ? store::open_postgres_side(config.store.database_url, clock)
                            : store::open_sqlite_side(which.path, clock);
}

}  // namespace guildfleet::cli
