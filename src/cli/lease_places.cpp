#include "cli/lease_places.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "store/postgres/postgres_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::cli {
namespace {

constexpr const char* connection_name = "guildfleet-cli";

bool in_database(const ops::fleet_config& config) {
  return !config.store.database_url.empty() && config.store.leases != ops::lease_place::local;
}

base::result<std::unique_ptr<store::store>> open_database(const ops::fleet_config& config,
                                                          const base::clock& clock) {
  base::random_source random = base::random_source::from_system();
  store::postgres_settings server;
  server.url = config.store.database_url;
  server.node = store::make_node_identity(connection_name, random);
  server.application_name = connection_name;
  server.connections = 1;
  auto opened = store::open_postgres_store(server, clock, random);
  if (!opened) return std::unexpected(std::move(opened).error());
  return std::move(opened->sessions);
}

base::result<std::unique_ptr<store::store>> open_file(const std::string& path, const base::clock& clock) {
  base::random_source random = base::random_source::from_system();
  store::sqlite_settings file;
  file.path = path;
  file.node = store::make_node_identity(connection_name, random);
  auto opened = store::open_sqlite_store(std::move(file), clock);
  if (!opened) return std::unexpected(std::move(opened).error());
  return std::move(opened->sessions);
}

}  // namespace

base::result<std::vector<std::unique_ptr<store::store>>> open_lease_places(const ops::fleet_config& config,
                                                                           const base::clock& clock) {
  std::vector<std::unique_ptr<store::store>> places;
  if (in_database(config)) {
    auto database = open_database(config, clock);
    if (!database) return std::unexpected(std::move(database).error());
    places.push_back(std::move(*database));
    return places;
  }
  std::set<std::string> seen;
  for (const ops::bot_section& bot : config.bots) {
    if (!seen.insert(bot.sqlite_path).second || !std::filesystem::exists(bot.sqlite_path)) continue;
    auto file = open_file(bot.sqlite_path, clock);
    if (!file) return std::unexpected(std::move(file).error());
    places.push_back(std::move(*file));
  }
  return places;
}

base::result<std::vector<bot_place>> open_bot_places(const ops::fleet_config& config,
                                                     const std::vector<std::string>& wanted,
                                                     const base::clock& clock) {
  std::vector<bot_place> places;
  std::map<std::string, std::shared_ptr<store::store>> opened;  // by file; the database has no name
  for (const ops::bot_section& bot : config.bots) {
    if (!wanted.empty() && std::ranges::find(wanted, bot.name) == wanted.end()) continue;
    const std::string file = in_database(config) ? std::string() : bot.sqlite_path;
    if (!in_database(config) && !std::filesystem::exists(file)) continue;
    std::shared_ptr<store::store>& place = opened[file];
    if (!place) {
      auto made = in_database(config) ? open_database(config, clock) : open_file(file, clock);
      if (!made) return std::unexpected(std::move(made).error());
      place = std::move(*made);
    }
    places.push_back({store::bot_name{bot.name}, &bot, place});
  }
  return places;
}

}  // namespace guildfleet::cli
