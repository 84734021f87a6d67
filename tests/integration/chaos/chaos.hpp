// A fleet under traffic while everything goes wrong at random, with an account of every event.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace guildfleet::chaos {

struct chaos_options {
  std::chrono::seconds run_for{60};
  std::uint64_t seed = 1;
  double events_per_second = 400;
  std::string program;  // this one: it starts itself as the node
};

// 0: every account is right. What was found is told on stdout.
[[nodiscard]] int run_chaos(const chaos_options& options);

[[nodiscard]] int run_chaos_node(const std::vector<std::string>& arguments);

}  // namespace guildfleet::chaos
