#include "base/problem.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <tuple>

namespace guildfleet::base {

std::string_view name_of(severity value) {
  return value == severity::error ? "error" : "warning";
}

std::string to_text(const problem& found) {
  std::string text = found.source;
  if (found.at.line != 0) text += fmt::format(":{}:{}", found.at.line, found.at.column);
  if (!text.empty()) text += ": ";
  text += fmt::format("{}: {}", name_of(found.severity), found.message);
  if (!found.fix.empty()) text += fmt::format(" ({})", found.fix);
  return text;
}

bool has_errors(const problem_list& problems) {
  return std::ranges::any_of(problems, [](const problem& each) { return each.severity == severity::error; });
}

void sort_by_position(problem_list& problems) {
  // libstdc++ 12's stable_sort uses a deprecated function, so the old place breaks ties here.
  std::vector<std::size_t> order(problems.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) {
    return std::tuple(std::string_view(problems[i].source), problems[i].at, i);
  });
  problem_list sorted;
  sorted.reserve(problems.size());
  for (const std::size_t i : order) sorted.push_back(std::move(problems[i]));
  problems = std::move(sorted);
}

}  // namespace guildfleet::base
