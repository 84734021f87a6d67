// FNV-1a of 64 bits: short, the same in every process and release, and no secret. To tell texts apart that
// nobody forges.
#pragma once

#include <cstdint>
#include <string_view>

namespace guildfleet::base {

inline constexpr std::uint64_t fnv1a_begin = 0xcbf29ce484222325U;
inline constexpr std::uint64_t fnv1a_factor = 0x100000001b3U;

// Of `text` behind what `from` is the hash of.
[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t from = fnv1a_begin) {
  for (const char each : text) from = (from ^ static_cast<unsigned char>(each)) * fnv1a_factor;
  return from;
}

}  // namespace guildfleet::base
