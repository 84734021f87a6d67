#include "cli/open_data.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ops/error.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::cli {
namespace {

constexpr const char* connection_name = "guildfleet-cli";

std::unexpected<base::error> wrong_bot(std::string context, const ops::fleet_config& config) {
  std::vector<std::string_view> names;
  for (const ops::bot_section& each : config.bots) names.emplace_back(each.name);
  return base::fail(ops::ops_error::no_such_bot, std::move(context),
                    fmt::format("Name one of {} with --bot.", fmt::join(names, ", ")));
}

base::result<std::string> file_of(const ops::fleet_config& config, const std::optional<std::string>& bot) {
  if (bot) return std::ranges::find(config.bots, *bot, &ops::bot_section::name)->sqlite_path;
  const std::string& first = config.bots.front().sqlite_path;
  const bool shared = std::ranges::all_of(
      config.bots, [&](const ops::bot_section& each) { return each.sqlite_path == first; });
  if (!shared) return wrong_bot("each bot has its data in a file of its own", config);
  return first;
}

}  // namespace

base::result<opened_data> open_data(const ops::fleet_config& config, const std::optional<std::string>& bot,
                                    absent_file absent, const base::clock& clock) {
  if (bot && std::ranges::find(config.bots, *bot, &ops::bot_section::name) == config.bots.end())
    return wrong_bot(fmt::format("there is no bot {}", *bot), config);
  base::random_source random = base::random_source::from_system();
  const store::node_identity node = store::make_node_identity(connection_name, random);
  opened_data out;
  out.environment = store::environment_name{config.environment};
  if (!config.store.database_url.empty()) {
    store::postgres_settings server;
    server.url = config.store.database_url;
    server.node = node;
    server.application_name = connection_name;
    server.connections = 1;
    auto opened = store::open_postgres_store(server, clock, random);
    if (!opened) return std::unexpected(std::move(opened).error());
    out.data = std::move(opened->data);
    out.place = "the database";
    return out;
  }
  auto path = file_of(config, bot);
  if (!path) return std::unexpected(std::move(path).error());
  if (absent == absent_file::refuse && !std::filesystem::exists(*path)) {
    return base::fail(std::make_error_code(std::errc::no_such_file_or_directory), *path,
                      "A node makes it when it first runs; or see that the path is the right one.");
  }
  store::sqlite_settings file;
  file.path = *path;
  file.node = node;
  auto opened = store::open_sqlite_store(std::move(file), clock);
  if (!opened) return std::unexpected(std::move(opened).error());
  out.data = std::move(opened->data);
  out.place = *path;
  return out;
}

}  // namespace guildfleet::cli
