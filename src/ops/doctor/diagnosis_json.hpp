// A diagnosis for programs.
#pragma once

#include <boost/json/object.hpp>

#include "ops/doctor/finding.hpp"
#include "ops/doctor/memory_series.hpp"

namespace guildfleet::ops::doctor {

// {"summary": {"errors", "warnings", "notes", "fine"}, "findings": [{"id", "section", "check", "severity",
// "subject", "seen", "meaning", "todo"}], "not_asked": [{"section", "what", "why"}]}
[[nodiscard]] boost::json::object diagnosis_json(const diagnosis& of);

// {"node", "uptime" in seconds, "samples": how many, "parts": [{"part", "bytes", "bytes_per_guild",
// "growth_per_hour" and "growth_at_least" in bytes, "judged"}]}. bytes_per_guild is null where there are too
// few guilds to tell, the growth where there are too few samples: then judged is false.
[[nodiscard]] boost::json::object memory_json(const memory_series& of);

}  // namespace guildfleet::ops::doctor
