// Findings for people.
#pragma once

#include "cli/terminal.hpp"
#include "ops/check/finding.hpp"

namespace guildfleet::cli {

// Under the file's name, the worst first: each rule with all its places, why it matters and what to do.
// `findings` are of one file and sorted.
void print_findings(const ops::finding_list& findings, const terminal& to);

// "2 errors, 1 warning" and the like; "nothing found" where all is well.
[[nodiscard]] std::string findings_in_words(const ops::finding_list& findings, std::size_t ignored);

// A rule whole.
void print_rule(const ops::check_rule& rule, const terminal& to);

// All rules, a line each.
void print_rules(const terminal& to);

}  // namespace guildfleet::cli
