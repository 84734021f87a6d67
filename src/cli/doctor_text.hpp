// A diagnosis for people.
#pragma once

#include "cli/terminal.hpp"
#include "ops/doctor/finding.hpp"
#include "ops/doctor/memory_series.hpp"

namespace guildfleet::cli {

// By section, the worst first; what is fine in one line each; then what was not asked, and a summary.
void print_diagnosis(const ops::doctor::diagnosis& of, const terminal& to);

// A table of the node's memory, part by part.
void print_memory(const ops::doctor::memory_series& of, const terminal& to);

}  // namespace guildfleet::cli
