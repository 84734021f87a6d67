#pragma once

#include <cstdint>

namespace guildfleet::base {

// Bytes of this process that lie in memory; 0 where the system does not tell.
[[nodiscard]] std::uint64_t resident_memory();

}  // namespace guildfleet::base
