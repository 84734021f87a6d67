// What tests of rules share: a good text with one slip in it, and findings as text.
#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "ops/check/finding.hpp"

namespace guildfleet::ops {

// Fails the test when `text` does not hold `from`.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "nothing holds: " << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

inline std::string_view line_of(std::string_view text, std::size_t number) {
  for (; number > 1 && !text.empty(); --number)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

// "GF402 ... in: server a weight=9;", one for each finding.
inline std::string told(const finding_list& findings, std::string_view text) {
  std::string out;
  for (const finding& each : findings)
    out += fmt::format("{} {} in: {}\n", each.rule->id, each.detail, line_of(text, each.at.line));
  return out;
}

struct broken_case {
  std::string_view from;
  std::string_view to;
  std::string_view id;
  std::string_view line;  // a part of the line that the finding names
};

}  // namespace guildfleet::ops
