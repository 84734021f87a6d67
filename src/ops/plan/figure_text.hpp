// Figures as people read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace guildfleet::ops {

// "40,000"
[[nodiscard]] std::string grouped(std::uint64_t number);

// Bytes in units of 1000: "3.8 kB", "168 MB", "2.1 GB".
[[nodiscard]] std::string bytes_text(double bytes);

// "0.4 s", "12 s", "2 min 05 s", "1 h 04 min"
[[nodiscard]] std::string time_text(std::chrono::milliseconds time);

// "50 %", "2.5 %"
[[nodiscard]] std::string share_text(double share);

}  // namespace guildfleet::ops
