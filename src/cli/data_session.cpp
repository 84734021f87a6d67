#include "cli/data_session.hpp"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <ostream>
#include <unistd.h>

#include "features/registry.hpp"
#include "ops/error.hpp"

namespace guildfleet::cli {
namespace {

std::vector<const settings::feature_schema*> all_schemas() {
  std::vector<const settings::feature_schema*> out;
  for (const features::feature_declaration* each : features::all_features()) {
    if (each->settings != nullptr) out.push_back(each->settings);
  }
  return out;
}

exit_code work_on(const ops::fleet_config& config, const std::optional<std::string>& bot, absent_file absent,
                  const terminal& to, const data_work& work) {
  const base::system_clock clock;
  auto opened = open_data(config, bot, absent, clock);
  if (!opened) {
    to.err << "guildfleet: " << opened.error().message() << '\n';
    const bool usage = opened.error().code() == ops::ops_error::no_such_bot;
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
  return with_config(options.config, facts, to, [&](const ops::fleet_config& config) {
    const auto bot = options.bot.empty() ? std::nullopt : std::optional(options.bot);
    return work_on(config, bot, options.absent, to, work);
  });
}

exit_code with_all_data(const data_options& options, const program_facts& facts, const terminal& to,
                        const data_work& work) {
  return with_config(options.config, facts, to, [&](const ops::fleet_config& config) {
    if (!options.bot.empty() || !config.store.database_url.empty())
      return with_data(options, facts, to, work);
    std::vector<std::string> seen;
    for (const ops::bot_section& bot : config.bots) {
      if (std::ranges::find(seen, bot.sqlite_path) != seen.end()) continue;
      seen.push_back(bot.sqlite_path);
      const auto code = work_on(config, bot.name, options.absent, to, work);
      if (code != exit_code::fine) return code;
    }
    return exit_code::fine;
  });
}

std::string time_text(base::wall_time time) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", std::chrono::floor<std::chrono::seconds>(time));
}

}  // namespace guildfleet::cli
