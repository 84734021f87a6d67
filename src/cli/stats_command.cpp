// guildfleet stats: what a shared database is good to ask for.
#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <ostream>

#include "api/v1/counts_json.hpp"
#include "cli/data_session.hpp"

namespace guildfleet::cli {
namespace {

using table_rows = std::vector<std::vector<cell>>;

void section(const terminal& to, const char* title, std::vector<cell> head, table_rows rows) {
  to.out << painted(to, colour::bold, title) << '\n';
  if (rows.empty()) {
    to.out << "none\n\n";
    return;
  }
  rows.insert(rows.begin(), std::move(head));
  print_table(to, rows);
  to.out << '\n';
}

void print_counts(const store::fleet_counts& counts, const terminal& to) {
  table_rows rows;
  for (const auto& each : counts.guilds) rows.push_back({{each.bot.value}, {std::to_string(each.guilds)}});
  section(to, "Guilds", {{"BOT"}, {"GUILDS"}}, std::exchange(rows, {}));
  for (const auto& each : counts.overlaps)
    rows.push_back({{each.first.value}, {each.second.value}, {std::to_string(each.guilds)}});
  section(to, "Guilds that two bots share", {{"BOT"}, {"BOT"}, {"GUILDS"}}, std::exchange(rows, {}));
  for (const auto& each : counts.uses)
    rows.push_back({{each.bot.value}, {each.feature}, {std::to_string(each.uses)}});
  section(to, "Uses of features in 30 days", {{"BOT"}, {"FEATURE"}, {"USES"}}, std::exchange(rows, {}));
  for (const auto& each : counts.jobs) {
    rows.push_back({{each.bot.value},
                    {std::to_string(each.waiting)},
                    {std::to_string(each.due)},
                    {std::to_string(each.leased)},
                    {std::to_string(each.dead), each.dead > 0 ? colour::red : colour::none}});
  }
  section(to, "Jobs", {{"BOT"}, {"WAITING"}, {"DUE"}, {"RUNNING"}, {"DEAD"}}, std::exchange(rows, {}));
  for (const auto& each : counts.changes) rows.push_back({{each.date}, {std::to_string(each.changes)}});
  section(to, "Changes of settings a day", {{"DAY"}, {"CHANGES"}}, std::move(rows));
}

exit_code stats(const data_options& options, const program_facts& facts, const terminal& to) {
  store::fleet_counts all;
  const auto code = with_all_data(options, facts, to, [&](data_session& session, const terminal& on) {
    auto counts = session.data().read_counts(session.environment());
    if (!counts) return tell_failure(on, counts.error());
    api::v1::add_counts(all, std::move(*counts));
    return exit_code::fine;
  });
  if (code != exit_code::fine) return code;
  if (options.json())
    to.out << boost::json::serialize(api::v1::counts_json(all)) << '\n';
  else
    print_counts(all, to);
  return exit_code::fine;
}

}  // namespace

command_action attach_stats(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<data_options>();
  add_data_options(app, *options);
  return [options, &facts](const terminal& to) { return stats(*options, facts, to); };
}

}  // namespace guildfleet::cli
