// guildfleet db status|migrate|backup|copy: the stores themselves.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <memory>
#include <ostream>
#include <unistd.h>

#include "cli/config_input.hpp"
#include "cli/configured_stores.hpp"
#include "cli/db_status.hpp"
#include "cli/store_place.hpp"
#include "store/copy/copier.hpp"
#include "store/postgres/connection_target.hpp"
#include "store/sqlite/file_backup.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

struct db_request {
  config_options config;
  std::string output = "text";
  std::string bot;
  std::string from;
  std::string to;
  std::string environment;
  bool force = false;
};

exit_code fail(const terminal& to, const base::error& error) {
  const exit_code otherwise = tell_failure(to, error);
  if (error.code() == std::make_error_code(std::errc::permission_denied)) return exit_code::refused;
  return error.code() == std::make_error_code(std::errc::invalid_argument) ? exit_code::usage : otherwise;
}

const char* kind_of(const store::table_side& side) {
  return side.speaks() == store::dialect::sqlite ? "SQLite" : "PostgreSQL";
}

exit_code migrate(const ops::fleet_config& config, const terminal& to) {
  const base::system_clock clock;
  for (const configured_store& place : stores_of(config)) {
    const auto side = open_configured(config, place, clock);
    if (!side) return fail(to, side.error());
    to.out << kind_of(**side) << "  " << (*side)->place() << "  " << painted(to, colour::green, "up to date")
           << '\n';
  }
  return exit_code::fine;
}

exit_code backup(const db_request& request, const ops::fleet_config& config, const terminal& to) {
  for (const configured_store& place : stores_of(config)) {
    if (place.path.empty()) {
      const auto target = store::connection_target::parse(config.store.database_url, "guildfleet");
      if (!target) return fail(to, target.error());
      to.out << "PostgreSQL has its own way, which needs no downtime:\n"
             << "  pg_dump --schema=guildfleet --format=custom --file=guildfleet.dump \"$DATABASE_URL\"   # "
             << target->shown() << '\n';
      continue;
    }
    const std::string name = std::filesystem::path(place.path).filename().string() + ".backup";
    const std::string file = (std::filesystem::path(request.to) / name).string();
    if (std::filesystem::exists(file)) {
      to.err << file << " exists and stays as it is; nothing was written\n";
      return exit_code::refused;
    }
    const auto done = store::back_up_sqlite(place.path, file);
    if (!done) return fail(to, done.error());
    to.out << place.path << " -> " << file << '\n';
  }
  return exit_code::fine;
}

// A bar on a terminal, nothing elsewhere: it is rewritten in place.
void show_progress(const terminal& to, std::string_view table, std::uint64_t done, std::uint64_t all) {
  constexpr std::uint64_t width = 30;
  const std::uint64_t filled = all == 0 ? width : done * width / all;
  to.err << fmt::format("\r{:<16} [{:<{}}] {}/{}", table, std::string(filled, '#'), width, done, all);
  if (done == all) to.err << '\n';
  to.err << std::flush;
}

exit_code tell(const store::copy_outcome& done, const db_request& request, const terminal& to) {
  if (done.refused) {
    to.err << fmt::format("refused: {}. {}\n", done.refused->reason, done.refused->fix);
    return exit_code::refused;
  }
  if (request.output == "json") {
    json::array tables;
    for (const store::table_outcome& each : done.tables)
      tables.push_back({{"table", each.table},
                        {"rows", each.rows},
                        {"written", each.written},
                        {"checksum", each.checksum}});
    to.out << json::serialize(json::object{{"tables", std::move(tables)}}) << '\n';
    return exit_code::fine;
  }
  std::vector<std::vector<cell>> table{{{"TABLE", colour::bold},
                                        {"ROWS", colour::bold},
                                        {"WRITTEN", colour::bold},
                                        {"CHECKSUM", colour::bold}}};
  for (const store::table_outcome& each : done.tables)
    table.push_back({{each.table},
                     {std::to_string(each.rows)},
                     {std::to_string(each.written)},
                     {each.checksum.substr(0, 16)}});
  print_table(to, table);
  to.out << painted(to, colour::green, "the same in both stores") << '\n';
  return exit_code::fine;
}

bool is_file(const std::string& place) {
  return !place.starts_with("env:") && !place.starts_with("file:") && !place.contains("://");
}

// What must not be made, or taken for something else, by a typing error.
std::optional<std::string> wrong_places(const db_request& request) {
  if (is_file(request.from) && !std::filesystem::exists(request.from))
    return fmt::format("{}: there is no such file to copy from", request.from);
  std::error_code unknown;
  if (request.from == request.to || std::filesystem::equivalent(request.from, request.to, unknown))
    return std::string("--from and --to name the same store");
  return std::nullopt;
}

exit_code copy(const db_request& request, const program_facts& facts, const terminal& to) {
  if (const auto wrong = wrong_places(request)) {
    to.err << "guildfleet: " << *wrong << '\n';
    return exit_code::usage;
  }
  const base::system_clock clock;
  const auto source = open_place(request.from, facts.variables, clock);
  if (!source) return fail(to, source.error());
  const auto target = open_place(request.to, facts.variables, clock);
  if (!target) return fail(to, target.error());
  store::copy_options options;
  options.scope = {{request.bot}, {request.environment.empty() ? "production" : request.environment}};
  options.force = request.force;
  if (request.output == "text" && ::isatty(STDERR_FILENO) == 1) {
    options.progress = [&](std::string_view table, std::uint64_t done, std::uint64_t all) {
      show_progress(to, table, done, all);
    };
  }
  const auto done = store::copy_bot(**source, **target, options);
  if (!done) return fail(to, done.error());
  return tell(*done, request, to);
}

}  // namespace

command_action attach_db(CLI::App& app, const program_facts& facts) {
  const auto request = std::make_shared<db_request>();
  app.require_subcommand(1);
  CLI::App* status = app.add_subcommand("status", "show the stores and what they hold");
  CLI::App* migrating = app.add_subcommand("migrate", "bring the tables up to this release");
  CLI::App* saving = app.add_subcommand("backup", "copy SQLite files while they are used");
  CLI::App* copying = app.add_subcommand("copy", "move a bot's data to another store");
  for (CLI::App* each : {status, migrating, saving}) add_config_options(*each, request->config);
  for (CLI::App* each : {status, copying})
    each->add_option("-o,--output", request->output, "text or json")->check(CLI::IsMember({"text", "json"}));
  status->add_option("--bot", request->bot, "whose rows are counted");
  saving->add_option("--to", request->to, "folder for the copies")->required()->check(CLI::ExistingDirectory);
  const char* place =
      "a SQLite file, or of a server: env:NAME, file:PATH, postgresql://... without a password";
  copying->add_option("--from", request->from, place)->required();
  copying->add_option("--to", request->to, place)->required();
  copying->add_option("--bot", request->bot, "whose data")->required();
  copying->add_option("--environment", request->environment, "which set of it (default: production)");
  copying->add_flag("--force", request->force, "replace other values, and do not mind nodes that run");
  return [=, &facts](const terminal& to) {
    if (copying->parsed()) return copy(*request, facts, to);
    return with_config(request->config, facts, to, [&](const ops::fleet_config& config) {
      if (status->parsed()) return show_stores(config, request->bot, request->output == "json", to);
      return migrating->parsed() ? migrate(config, to) : backup(*request, config, to);
    });
  };
}

}  // namespace guildfleet::cli
