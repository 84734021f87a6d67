#include <algorithm>
#include <filesystem>

#include "cli/doctor_request.hpp"

namespace guildfleet::cli {
namespace {

using ops::doctor::machine_facts;

// Connections that a node may have at once, and the files that it keeps open.
constexpr std::uint64_t requests_of_a_bot = 64;  // rest_client_settings::max_connections
constexpr std::uint64_t files_of_a_store = 4;    // the file, its log, its index, the lock
constexpr std::uint64_t own_files = 64;          // libraries, HTTP faces, event loops

// As configured, or as many as Discord recommends; 1 where it was not asked.
std::uint64_t shards_of(const ops::bot_section& bot, const std::vector<ops::doctor::bot_facts>& known) {
  if (bot.shards) return *bot.shards;
  const auto found = std::ranges::find(known, bot.name, &ops::doctor::bot_facts::name);
  return found != known.end() && found->gateway ? found->gateway->recommended_shards : 1;
}

std::uint64_t files_needed(const ops::fleet_config& config,
                           const std::vector<ops::doctor::bot_facts>& known) {
  std::uint64_t sum = own_files;
  for (const ops::bot_section& each : config.bots) sum += shards_of(each, known) + requests_of_a_bot;
  if (config.store.uses_sqlite()) sum += config.bots.size() * files_of_a_store;
  if (!config.store.database_url.empty()) sum += config.store.connections + 1;
  return sum;
}

}  // namespace

machine_facts look_at_machine(const doctor_scene& scene, const std::vector<ops::doctor::bot_facts>& bots) {
  machine_facts out;
  if (scene.config.store.uses_sqlite()) {
    for (const ops::bot_section* bot : scene.bots) {
      std::string folder = std::filesystem::path(bot->sqlite_path).parent_path().string();
      if (folder.empty()) folder = ".";
      const auto known = std::ranges::find(out.folders, folder, &decltype(out.folders)::value_type::first);
      if (known == out.folders.end()) out.folders.emplace_back(folder, answered(base::space_of(folder)));
    }
  }
  out.open_files_needed = files_needed(scene.config, bots);
  out.open_files = answered(base::open_files());
  out.memory = answered(base::memory_of_this_process());
  return out;
}

}  // namespace guildfleet::cli
