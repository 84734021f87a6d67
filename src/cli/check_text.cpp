#include "cli/check_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ostream>

#include "base/count_text.hpp"
#include "base/utf8.hpp"

namespace guildfleet::cli {
namespace {

constexpr std::size_t width = 110;

colour colour_of(ops::finding_severity severity) {
  switch (severity) {
    case ops::finding_severity::error:
      return colour::red;
    case ops::finding_severity::warning:
      return colour::yellow;
    case ops::finding_severity::note:
      break;
  }
  return colour::none;
}

// Words in lines behind a first word, all indented alike.
void print_wrapped(std::string_view head, std::string_view text, const terminal& to) {
  constexpr std::size_t indent = 9;
  std::string line = fmt::format("    {:<5}", head);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (base::utf8_length(line) > indent && base::utf8_length(line) + 1 + base::utf8_length(word) > width) {
      to.out << line << '\n';
      line = std::string(indent, ' ');
    } else if (line.size() > indent) {
      line += ' ';
    }
    line += word;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  to.out << line << '\n';
}

std::string place_of(const ops::finding& found) {
  return found.at.line == 0 ? found.source
                            : fmt::format("{}:{}:{}", found.source, found.at.line, found.at.column);
}

void print_group(const std::vector<const ops::finding*>& group, const terminal& to) {
  const ops::check_rule& rule = *group.front()->rule;
  to.out << "  " << painted(to, colour_of(rule.severity), ops::name_of(rule.severity)) << ' ' << rule.id
         << ' ' << painted(to, colour::bold, rule.title) << '\n';
  for (const ops::finding* each : group)
    to.out << "    " << shown(place_of(*each)) << "  " << shown(each->detail) << '\n';
  print_wrapped("why", rule.why, to);
  print_wrapped("fix", rule.fix, to);
}

}  // namespace

void print_findings(const ops::finding_list& findings, const terminal& to) {
  std::vector<const ops::check_rule*> rules;
  for (const ops::finding& each : findings) {
    if (std::ranges::find(rules, each.rule) == rules.end()) rules.push_back(each.rule);
  }
  std::ranges::sort(rules, [](const auto* one, const auto* other) {
    return std::pair(-static_cast<int>(one->severity), one->id) <
           std::pair(-static_cast<int>(other->severity), other->id);
  });
  for (const ops::check_rule* rule : rules) {
    std::vector<const ops::finding*> group;
    for (const ops::finding& each : findings) {
      if (each.rule == rule) group.push_back(&each);
    }
    print_group(group, to);
  }
}

std::string findings_in_words(const ops::finding_list& findings, std::size_t ignored) {
  std::vector<std::string> parts;
  for (const auto severity :
       {ops::finding_severity::error, ops::finding_severity::warning, ops::finding_severity::note}) {
    const auto number = static_cast<std::uint64_t>(
        std::ranges::count_if(findings, [&](const auto& each) { return each.rule->severity == severity; }));
    if (number != 0) parts.push_back(base::count_text(number, ops::name_of(severity)));
  }
  std::string out = parts.empty() ? "nothing found" : fmt::format("{}", fmt::join(parts, ", "));
  if (ignored != 0) out += fmt::format("; {} ignored by comments", ignored);
  return out;
}

void print_rule(const ops::check_rule& rule, const terminal& to) {
  to.out << rule.id << ' ' << painted(to, colour_of(rule.severity), ops::name_of(rule.severity)) << ": "
         << painted(to, colour::bold, rule.title) << '\n';
  print_wrapped("why", rule.why, to);
  print_wrapped("fix", rule.fix, to);
  to.out << "    to leave it as it is: # guildfleet: ignore " << rule.id << " because ...\n";
}

void print_rules(const terminal& to) {
  std::vector<std::vector<cell>> rows;
  for (const auto table : ops::rule_tables()) {
    for (const ops::check_rule& each : table)
      rows.push_back({{std::string(each.id)},
                      {std::string(ops::name_of(each.severity)), colour_of(each.severity)},
                      {std::string(each.title)}});
  }
  print_table(to, rows);
}

}  // namespace guildfleet::cli
