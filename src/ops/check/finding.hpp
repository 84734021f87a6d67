// What `guildfleet check` finds in files that a person brings: rules, and the places where one is broken.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"

namespace guildfleet::ops {

enum class finding_severity { note, warning, error };
[[nodiscard]] std::string_view name_of(finding_severity value);

// One constant per rule, in the table of its kind of file; docs/checks.md describes each (a test compares).
struct check_rule {
  std::string_view id;  // "GF203": the first digit tells the kind of file
  finding_severity severity = finding_severity::warning;
  std::string_view title;  // what is wrong, in a line
  std::string_view why;    // what comes of it
  std::string_view fix;    // what to do
};

struct finding {
  const check_rule* rule = nullptr;  // never null; of a table below
  std::string source;                // file name as the user typed it
  base::text_position at;
  std::string detail;  // what is wrong here; names the service or object, never shows a secret
};

using finding_list = std::vector<finding>;

// A file as the caller read it.
struct source_text {
  std::string source;  // its name, for findings
  std::string text;
};

// Another file that a file names.
struct named_path {
  std::string path;  // as written
  base::text_position at;
};

// GF1xx, GF2xx, GF3xx, GF4xx, GF5xx; in the order of their ids.
[[nodiscard]] std::span<const check_rule> fleet_rules();
[[nodiscard]] std::span<const check_rule> compose_rules();
[[nodiscard]] std::span<const check_rule> kubernetes_rules();
[[nodiscard]] std::span<const check_rule> nginx_rules();
[[nodiscard]] std::span<const check_rule> env_rules();

// All of these tables.
[[nodiscard]] std::array<std::span<const check_rule>, 5> rule_tables();

// nullptr when no table has it; letters may be small.
[[nodiscard]] const check_rule* find_rule(std::string_view id);

// What a reader says, with what to do in brackets.
[[nodiscard]] std::string with_fix(const base::problem& problem);

// By file, then place, then rule; the same said twice of one place stays once.
void sort_findings(finding_list& findings);

// Takes out what a comment of the file allows: "# guildfleet: ignore GF203 reason" on the line of the finding
// or on the one before it; several ids with commas between. `text` is the file that all `findings` are of.
// Answers how many were taken out.
std::size_t take_ignored(finding_list& findings, std::string_view text);

}  // namespace guildfleet::ops
