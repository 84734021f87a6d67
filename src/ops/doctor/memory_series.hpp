// How a node's memory was over the last day, part by part, as GET /memory tells it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace guildfleet::ops::doctor {

struct memory_row {
  base::wall_time at{};
  std::uint64_t guilds = 0;
  std::vector<double> bytes{};  // of each part
};

struct memory_series {
  std::string node{};
  std::chrono::seconds uptime{0};
  std::vector<std::string> parts{};  // "resident", "live", "guild_state", ...
  std::vector<memory_row> rows{};    // the oldest first

  // nullopt: there is no such part.
  [[nodiscard]] std::optional<std::size_t> part(std::string_view name) const;
};

// Error std::errc::bad_message: it is no such JSON; names the member that is missing or of another kind.
[[nodiscard]] base::result<memory_series> read_memory_series(std::string_view json);

// How one part grows.
struct part_growth {
  std::string part{};
  double now = 0;                     // bytes
  double per_hour = 0;                // the median slope, less what more guilds explain
  double at_least = 0;                // its lower bound
  std::optional<double> per_guild{};  // bytes; nullopt: too few guilds to tell
  bool judged = false;                // there were enough samples
};
[[nodiscard]] std::vector<part_growth> growth_of(const memory_series& series);

}  // namespace guildfleet::ops::doctor
