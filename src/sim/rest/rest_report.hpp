// Counts of what the bots did to the REST API.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace guildfleet::sim {

struct bot_counts {
  std::uint64_t requests = 0;
  std::uint64_t while_limited = 0;
  std::uint64_t invalid = 0;
};

struct rest_report {
  std::uint64_t requests = 0;
  std::uint64_t while_limited =
      0;  // sent although the bucket was known to be exhausted, or before Retry-After was over
  // The first of them: when (by the simulator's clock), who and what.
  struct limited_request {
    base::wall_time at{};
    std::string bot{};
    std::string route{};
  };
  std::vector<limited_request> first_limited{};  // at most 20
  std::uint64_t rate_limited = 0;                // 429 answers
  std::uint64_t invalid = 0;                     // 401, 403, 429 (not shared)
  std::uint64_t unauthorized = 0;
  std::uint64_t undocumented_agents = 0;  // requests without "DiscordBot (url, version)"
  std::uint64_t banned = 0;               // answered by the ban of the address
  std::map<std::string, std::map<int, std::uint64_t>> by_route{};
  std::map<std::string, bot_counts> by_bot{};

  [[nodiscard]] boost::json::object to_json() const;
};

}  // namespace guildfleet::sim
