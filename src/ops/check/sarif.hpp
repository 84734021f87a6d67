// Findings for other programs.
#pragma once

#include <string>

#include "base/json_text.hpp"
#include "ops/check/finding.hpp"

namespace guildfleet::ops {

// A SARIF 2.1.0 log of one run, for code hosts and editors. Sources become addresses relative to the folder
// where the program runs; fingerprints stay the same when lines above are added. `version` is the program's.
[[nodiscard]] std::string sarif_of(const finding_list& findings, std::string_view version);

// A JSON array of them, each with its rule spelt out.
void append_findings(base::json_writer& json, const finding_list& findings);

// A JSON array of all rules.
void append_rules(base::json_writer& json);

}  // namespace guildfleet::ops
