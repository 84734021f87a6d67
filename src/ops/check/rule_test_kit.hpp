// Rules by example: for each a text that breaks it and nothing else, and one that does not.
#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <gtest/gtest.h>
#include <span>
#include <string>
#include <vector>

#include "ops/check/finding.hpp"

namespace guildfleet::ops {

struct rule_case {
  std::string_view id;
  std::string_view bad;
  std::size_t line = 0;  // of the finding in `bad`
  std::string_view good;
};

// "GF202@4 GF207@3", in the order of the text.
inline std::string brief(const finding_list& findings) {
  std::vector<std::string> out;
  for (const finding& each : findings) out.push_back(fmt::format("{}@{}", each.rule->id, each.at.line));
  return fmt::format("{}", fmt::join(out, " "));
}

using text_check = std::function<finding_list(std::string_view text)>;

// Every rule of the table has a case, each bad text gives exactly its rule, and each good one nothing.
inline void expect_by_example(std::span<const check_rule> table, std::span<const rule_case> cases,
                              const text_check& check) {
  for (const check_rule& rule : table)
    EXPECT_NE(std::ranges::find(cases, rule.id, &rule_case::id), cases.end()) << rule.id << " has no example";
  for (const rule_case& each : cases) {
    const finding_list found = check(each.bad);
    EXPECT_EQ(brief(found), fmt::format("{}@{}", each.id, each.line)) << each.bad;
    for (const finding& one : found) EXPECT_FALSE(one.detail.empty()) << each.id;
    EXPECT_EQ(brief(check(each.good)), "") << each.good;
  }
}

}  // namespace guildfleet::ops
