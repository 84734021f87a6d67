#include "cli/data_session.hpp"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <ostream>
#include <unistd.h>

#include "features/registry.hpp"

namespace guildfleet::cli {
namespace {

std::vector<const settings::feature_schema*> all_schemas() {
  std::vector<const settings::feature_schema*> out;
  for (const features::feature_declaration* each : features::all_features()) {
    if (each->settings != nullptr) out.push_back(each->settings);
  }
  return out;
}

exit_code work_on(const ops::fleet_config& config, const std::optional<std::string>& bot, const terminal& to,
                  const data_work& work) {
  const base::system_clock clock;
  auto opened = open_data(config, bot, clock);
  if (!opened) {
    to.err << "guildfleet: " << opened.error().message() << '\n';
    const bool usage = opened.error().code() == std::make_error_code(std::errc::invalid_argument);
    return usage ? exit_code::usage : exit_code::failed;
  }
  data_session session(std::move(*opened), clock);
  return work(session, to);
}

}  // namespace

void add_data_options(CLI::App& app, data_options& options) {
  add_config_options(app, options.config);
  app.add_option("--bot", options.bot, "whose data (not needed where bots share them)");
  app.add_option("-o,--output", options.output, "text or json")->check(CLI::IsMember({"text", "json"}));
}

data_session::data_session(opened_data opened, const base::clock& clock)
    : opened_(std::move(opened)),
      clock_(clock),
      schemas_(all_schemas()),
      desk_(context_.get_executor(), settings::desk_parts{opened_.data,
                                                          thread_,
                                                          nullptr,
                                                          schemas_,
                                                          opened_.environment,
                                                          settings::make_settings_metrics(metrics_),
                                                          base::random_source::from_system(),
                                                          base::logger::root(),
                                                          {}}) {}

data_session::~data_session() {
  thread_.stop();
}

exit_code with_data(const data_options& options, const program_facts& facts, const terminal& to,
                    const data_work& work) {
  const auto outcome = load_config(options.config, facts);
  if (!outcome.config) {
    print_problems(outcome.problems, {to.err, to.err, to.colours});
    return exit_code::usage;
  }
  const auto bot = options.bot.empty() ? std::nullopt : std::optional(options.bot);
  return work_on(*outcome.config, bot, to, work);
}

exit_code with_all_data(const data_options& options, const program_facts& facts, const terminal& to,
                        const data_work& work) {
  const auto outcome = load_config(options.config, facts);
  if (!outcome.config) {
    print_problems(outcome.problems, {to.err, to.err, to.colours});
    return exit_code::usage;
  }
  if (!options.bot.empty() || !outcome.config->store.database_url.empty())
    return with_data(options, facts, to, work);
  std::vector<std::string> seen;
  for (const ops::bot_section& bot : outcome.config->bots) {
    if (std::ranges::find(seen, bot.sqlite_path) != seen.end()) continue;
    seen.push_back(bot.sqlite_path);
    if (const auto code = work_on(*outcome.config, bot.name, to, work); code != exit_code::fine) return code;
  }
  return exit_code::fine;
}

exit_code tell_failure(const terminal& to, const base::error& error) {
  to.err << "guildfleet: " << error.message() << '\n';
  return exit_code::failed;
}

std::string login_name(const program_facts& facts) {
  for (const char* variable : {"LOGNAME", "USER"}) {
    auto name = facts.variables(variable);
    if (name && !name->empty() && name->size() <= 64) return std::move(*name);
  }
  return fmt::format("uid {}", ::getuid());
}

std::string time_text(base::wall_time time) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", std::chrono::floor<std::chrono::seconds>(time));
}

}  // namespace guildfleet::cli
