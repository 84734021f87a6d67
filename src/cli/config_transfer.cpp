#include <fstream>
#include <iostream>
#include <iterator>
#include <unistd.h>

#include "cli/config_command.hpp"
#include "settings/transfer.hpp"

namespace guildfleet::cli {
namespace {

// One byte more than is accepted, so that the reader of the format can tell.
std::optional<std::string> read_input(const std::string& file) {
  std::ifstream opened;
  if (file != "-") {
    opened.open(file, std::ios::binary);
    if (!opened) return std::nullopt;
  }
  std::istream& from = file == "-" ? std::cin : opened;
  std::string text(settings::max_export_bytes + 1, '\0');
  from.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(from.gcount()));
  return text;
}

void show_plan(const settings::import_plan& plan, data_session& session, const terminal& to) {
  for (const settings::planned_change& each : plan.changes) {
    to.err << painted(to, colour::bold, each.feature) << '\n'
           << settings::describe(*session.desk().schemas().find(each.feature), each.changes,
                                 base::language::english)
           << '\n';
  }
}

exit_code refuse(const std::vector<settings::feature_problems>& found, const terminal& to) {
  to.err << "nothing was saved:\n";
  for (const settings::feature_problems& each : found)
    to.err << each.feature << '\n' << settings::to_text(each.found, base::language::english) << '\n';
  return exit_code::usage;
}

bool confirmed(const terminal& to) {
  to.err << "Save this? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "yes";
}

}  // namespace

exit_code export_config(const config_request& request, data_session& session, const terminal& to) {
  const auto text = session.run(settings::export_guild(session.desk(), request.guild_id()));
  if (!text) return tell_failure(to, text.error());
  to.out << *text << '\n';
  return exit_code::fine;
}

exit_code import_config(const config_request& request, const program_facts& facts, data_session& session,
                        const terminal& to) {
  const auto text = read_input(request.file);
  if (!text) {
    to.err << fmt::format("guildfleet: {} cannot be read\n", request.file);
    return exit_code::usage;
  }
  const auto check = session.run(settings::plan_import(session.desk(), request.guild_id(), *text));
  if (!check) {
    (void)tell_failure(to, check.error());
    const bool of_the_file = check.error().code().category() ==
                             settings::make_error_code(settings::settings_error::malformed).category();
    return of_the_file ? exit_code::usage : exit_code::failed;
  }
  if (const auto* wrong = std::get_if<std::vector<settings::feature_problems>>(&*check))
    return refuse(*wrong, to);
  const auto& plan = std::get<settings::import_plan>(*check);
  if (plan.changes.empty()) {
    to.out << "it is so already; nothing would change\n";
    return exit_code::fine;
  }
  show_plan(plan, session, to);
  if (request.dry_run) {
    to.out << "nothing was saved (--dry-run)\n";
    return exit_code::fine;
  }
  const bool can_ask = request.file != "-" && ::isatty(STDIN_FILENO) == 1;
  if (!request.yes && (!can_ask || !confirmed(to))) {
    to.err << (can_ask ? "nothing was saved\n" : "nothing was saved: --yes saves without a question\n");
    return exit_code::refused;
  }
  const store::change_author author{login_name(facts), store::change_origin::import};
  const auto outcome = session.run(settings::apply_import(session.desk(), plan, author));
  if (!outcome || !std::holds_alternative<settings::changed>(*outcome))
    return tell_change(outcome, request.data, session, to);
  to.out << fmt::format("saved, {} {}\n", plan.changes.size(),
                        plan.changes.size() == 1 ? "feature" : "features");
  return exit_code::fine;
}

}  // namespace guildfleet::cli
