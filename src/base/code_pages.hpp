// The program's own machine code in memory.
#pragma once

#include <cstddef>

namespace guildfleet::base {

// Unmaps the code pages of the program and its libraries from this process; those that are used again come
// back from the page cache, one short fault each. What only the start needed then no longer counts as
// resident. Any thread, at any time; returns the bytes of code that were considered.
std::size_t release_code_pages();

}  // namespace guildfleet::base
