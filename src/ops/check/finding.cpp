#include "ops/check/finding.hpp"

#include <algorithm>
#include <cctype>
#include <tuple>

namespace guildfleet::ops {
namespace {

constexpr std::string_view marker = "guildfleet: ignore ";

bool same_id(std::string_view one, std::string_view other) {
  return std::ranges::equal(
      one, other, [](unsigned char a, unsigned char b) { return std::toupper(a) == std::toupper(b); });
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// The ids stand before the first word that is none: the reason.
bool allows(std::string_view line, std::string_view id) {
  const std::size_t comment = line.find('#');
  if (comment == std::string_view::npos) return false;
  const std::size_t found = line.find(marker, comment);
  if (found == std::string_view::npos) return false;
  line.remove_prefix(found + marker.size());
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(" ,\t\r"), line.size());
    const std::string_view word = line.substr(0, end);
    if (same_id(word, id)) return true;
    if (!word.empty() && find_rule(word) == nullptr) return false;
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return false;
}

auto order_of(const finding& each) {
  return std::tie(each.source, each.at, each.rule->id, each.detail);
}

}  // namespace

std::string_view name_of(finding_severity value) {
  switch (value) {
    case finding_severity::note:
      return "note";
    case finding_severity::warning:
      return "warning";
    case finding_severity::error:
      return "error";
  }
  return "error";
}

std::array<std::span<const check_rule>, 5> rule_tables() {
  return {fleet_rules(), compose_rules(), kubernetes_rules(), nginx_rules(), env_rules()};
}

const check_rule* find_rule(std::string_view id) {
  for (const auto table : rule_tables()) {
    const auto found = std::ranges::find_if(table, [id](const auto& each) { return same_id(each.id, id); });
    if (found != table.end()) return &*found;
  }
  return nullptr;
}

std::string with_fix(const base::problem& problem) {
  return problem.fix.empty() ? problem.message : problem.message + " (" + problem.fix + ")";
}

void sort_findings(finding_list& findings) {
  std::ranges::sort(findings, {}, order_of);
  const auto rest = std::ranges::unique(findings, {}, order_of);
  findings.erase(rest.begin(), rest.end());
}

std::size_t take_ignored(finding_list& findings, std::string_view text) {
  if (!text.contains(marker)) return 0;
  const auto lines = lines_of(text);
  const auto ignored = [&](const finding& each) {
    const auto line = [&](std::size_t number) {
      return number >= 1 && number <= lines.size() ? lines[number - 1] : std::string_view();
    };
    return allows(line(each.at.line), each.rule->id) ||
           (each.at.line > 1 && allows(line(each.at.line - 1), each.rule->id));
  };
  return std::erase_if(findings, ignored);
}

}  // namespace guildfleet::ops
