// guildfleet doctor memory and doctor heap: one running node's memory.
#pragma once

#include "cli/doctor_request.hpp"

namespace guildfleet::cli {

// How it grew; failed: a leak that is an error, or no answer.
[[nodiscard]] exit_code show_memory(const doctor_request& request, const terminal& to);

// Where it was taken, as the node's allocator tells, into a new file that only this user may read. failed: no
// answer, or the file cannot be written or is there; usage: there is no API, or no token.
[[nodiscard]] exit_code save_heap(const doctor_request& request, const program_facts& facts,
                                  const base::clock& clock, const terminal& to);

}  // namespace guildfleet::cli
