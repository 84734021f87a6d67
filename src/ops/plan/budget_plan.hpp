// What Discord and the database allow against what a bot will use of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "fleet/identify_gate.hpp"

namespace guildfleet::ops {

// Of a day, by the size of the bot (protocol sheet 1.6): 1,000; from 150,000 guilds on at least 2,000, and
// five for each 1,000 guilds.
[[nodiscard]] std::uint32_t identifies_of_a_day(std::uint64_t guilds);
// 1; 16 for large bots. Discord tells each bot its own number: this is for those that nobody asked about.
[[nodiscard]] std::uint32_t usual_max_concurrency(std::uint64_t guilds);

// How often a day something can be done that costs identifies.
struct identify_use {
  std::string_view what;                 // "blue-green with a cold start"
  std::uint32_t identifies = 0;          // each time
  std::optional<std::uint32_t> times{};  // a day, above the floor; nullopt: as often as one likes
};

struct identify_plan {
  std::uint32_t total = 1000;
  std::uint32_t floor = 0;  // kept back
  std::vector<identify_use> uses{};
  // A process that crashes as soon as all shards are there, without a brake: how long until the day's budget
  // is used up and Discord resets the token.
  std::uint32_t crashes_until_reset = 0;
  std::chrono::milliseconds time_until_reset{0};
};

struct identify_question {
  std::uint32_t shards = 1;
  fleet::session_start_limit limit{};
  double floor_share = 0.2;
  std::chrono::milliseconds cold_start{0};  // of all shards
};
[[nodiscard]] identify_plan plan_identifies(const identify_question& question);

// REST requests that count towards Discord's global limit.
inline constexpr double requests_per_second = 50;
struct request_plan {
  double seconds_per_guild = 0;  // all of the limit, shared by all guilds: one request of a guild in so long
  std::optional<double> per_second{};  // where it is known how many a guild causes
  [[nodiscard]] bool too_many() const { return per_second && *per_second > requests_per_second; }
};
// `per_guild`: in a minute.
[[nodiscard]] request_plan plan_requests(std::uint64_t guilds, std::optional<double> per_guild);

// Connections to PostgreSQL.
struct connection_question {
  std::uint32_t nodes = 1;              // of the whole fleet
  unsigned per_node = 4;                // store.connections
  bool listens = true;                  // one more for changes
  std::uint32_t max_connections = 100;  // of the server
};
struct connection_plan {
  std::uint32_t usual = 0;
  std::uint32_t in_a_rollout = 0;  // the nodes of both releases
  std::uint32_t usable = 0;        // of max_connections, without what is kept for people and tools
  [[nodiscard]] bool too_many() const { return in_a_rollout > usable; }
};
// PostgreSQL keeps three for its superuser (superuser_reserved_connections); we keep five for backups and
// people.
inline constexpr std::uint32_t connections_kept = 3 + 5;
[[nodiscard]] connection_plan plan_connections(const connection_question& question);

}  // namespace guildfleet::ops
