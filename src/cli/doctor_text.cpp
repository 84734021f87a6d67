#include "cli/doctor_text.hpp"

#include <fmt/format.h>
#include <ostream>

#include "base/count_text.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::cli {
namespace {

using base::count_text;
using ops::doctor::diagnosis;
using ops::doctor::finding;
using ops::doctor::grade;

colour colour_of(grade how) {
  switch (how) {
    case grade::fine:
      return colour::green;
    case grade::note:
      return colour::none;
    case grade::warning:
      return colour::yellow;
    case grade::error:
      return colour::red;
  }
  return colour::none;
}

void print(const finding& of, const terminal& to) {
  const std::string what = of.subject.empty() ? std::string(title_of(of.what))
                                              : fmt::format("{}: {}", shown(of.subject), title_of(of.what));
  to.out << "  " << painted(to, colour_of(of.how), fmt::format("{:<8}", name_of(of.how))) << id_of(of.what)
         << ' ';
  if (of.how == grade::fine) {
    to.out << what << ": " << shown(of.seen) << '\n';
    return;
  }
  to.out << painted(to, colour::bold, what) << '\n';
  for (const std::string& line : {of.seen, of.meaning}) to.out << "                " << shown(line) << '\n';
  to.out << "             -> " << shown(of.todo) << '\n';
}

std::string summary_of(const diagnosis& of) {
  return fmt::format("{}, {}, {}; {} fine, {} not asked", count_text(of.count(grade::error), "error"),
                     count_text(of.count(grade::warning), "warning"),
                     count_text(of.count(grade::note), "note"), of.count(grade::fine), of.not_asked.size());
}

// "+1.2 MB", "-30.0 kB"
std::string signed_bytes(double bytes) {
  return (bytes < 0 ? "-" : "+") + ops::bytes_text(bytes < 0 ? -bytes : bytes);
}

}  // namespace

void print_diagnosis(const diagnosis& of, const terminal& to) {
  std::optional<ops::doctor::section> last;
  for (const finding& each : of.findings) {
    const auto where = section_of(each.what);
    if (where != last) to.out << (last ? "\n" : "") << painted(to, colour::bold, title_of(where)) << '\n';
    last = where;
    print(each, to);
  }
  if (!of.not_asked.empty()) to.out << '\n' << painted(to, colour::bold, "Not asked") << '\n';
  for (const ops::doctor::unasked& each : of.not_asked)
    to.out << "  " << shown(each.what) << ": " << shown(each.why) << '\n';
  const colour in = of.has_errors() ? colour::red : colour::green;
  to.out << '\n' << painted(to, in, summary_of(of)) << '\n';
}

void print_memory(const ops::doctor::memory_series& of, const terminal& to) {
  if (of.rows.empty()) {
    to.out << "the node has no sample yet; it takes one a minute\n";
    return;
  }
  to.out << fmt::format("{}, up for {}, {}, {}\n", shown(of.node),
                        ops::time_text(std::chrono::milliseconds(of.uptime)),
                        count_text(of.rows.back().guilds, "guild"), count_text(of.rows.size(), "sample"));
  std::vector<std::vector<cell>> table{{{"PART", colour::bold},
                                        {"NOW", colour::bold},
                                        {"PER GUILD", colour::bold},
                                        {"GROWTH/H", colour::bold},
                                        {"AT LEAST", colour::bold}}};
  for (const ops::doctor::part_growth& each : growth_of(of))
    table.push_back({{shown(each.part)},
                     {ops::bytes_text(each.now)},
                     {each.per_guild ? ops::bytes_text(*each.per_guild) : "-"},
                     {each.judged ? signed_bytes(each.per_hour) : "-"},
                     {each.judged ? signed_bytes(each.at_least) : "-"}});
  print_table(to, table);
}

}  // namespace guildfleet::cli
