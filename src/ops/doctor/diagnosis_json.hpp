// A diagnosis for programs.
#pragma once

#include <boost/json/object.hpp>

#include "ops/doctor/finding.hpp"
#include "ops/doctor/memory_series.hpp"

namespace guildfleet::ops::doctor {

// {"summary": {"errors", "warnings", "notes", "fine"}, "findings": [{"id", "section", "check", "severity",
// "subject",
//  "seen", "meaning", "todo"}], "not_asked": [{"section", "what", "why"}]}
[[nodiscard]] boost::json::object diagnosis_json(const diagnosis& of);

// {"node", "parts": [{"part", "bytes", "bytes_per_guild", "growth_per_hour", "growth_at_least", "judged"}]}
[[nodiscard]] boost::json::object memory_json(const memory_series& of);

}  // namespace guildfleet::ops::doctor
