// Random traffic, delays, broken connections and crashes, while a bot's guilds go over from one set of shards
// to another: every event is acted on exactly once.
#include <cstdlib>
#include <gmock/gmock.h>

#include "fleet/cut_test_kit.hpp"

namespace guildfleet::fleet {
namespace {

// GUILDFLEET_CUT_STEPS: a longer form.
std::uint64_t steps_wanted() {
  const char* wanted = std::getenv("GUILDFLEET_CUT_STEPS");
  return wanted == nullptr ? 25'000 : std::strtoull(wanted, nullptr, 10);
}

void prove(cut_plan plan, std::uint64_t first_seed) {
  const std::uint64_t wanted = steps_wanted();
  std::uint64_t steps = 0;
  for (std::uint64_t seed = first_seed; steps < wanted; ++seed) {
    plan.guilds = 1 + static_cast<std::uint32_t>(seed % 5);
    plan.old_count = 1 + static_cast<std::uint32_t>(seed % 3);
    plan.new_count = 1 + static_cast<std::uint32_t>(seed / 3 % 4);
    plan.events_per_tick = 1 + static_cast<int>(seed / 12 % 3);
    cut_simulation simulation(plan, seed);
    const std::string wrong = simulation.run();
    ASSERT_EQ(wrong, "") << "seed " << seed;
    steps += simulation.steps();
  }
}

TEST(a_cut, loses_and_doubles_nothing_where_sessions_show_events_late) {
  prove({}, 1);
}

TEST(a_cut, loses_and_doubles_nothing_where_they_break_the_order_within_a_guild) {
  prove({.keeps_order = false}, 100'000);
}

TEST(a_cut, loses_and_doubles_nothing_where_both_sets_have_clocks_of_their_own) {
  prove({.skew = std::chrono::milliseconds(25), .breaks = true}, 900'000);
  prove({.skew = std::chrono::milliseconds(25), .keeps_order = false}, 1'000'000);
}

TEST(a_cut, loses_and_doubles_nothing_where_connections_break) {
  prove({.breaks = true}, 200'000);
  prove({.keeps_order = false, .breaks = true}, 300'000);
}

TEST(a_cut, loses_and_doubles_nothing_where_a_shard_begins_again_from_its_ledger) {
  prove({.begins_anew = true}, 700'000);
  prove({.keeps_order = false, .breaks = true, .begins_anew = true}, 800'000);
}

TEST(a_cut, loses_and_doubles_nothing_where_the_process_dies_at_any_moment) {
  prove({.crashes = true}, 400'000);
  prove({.breaks = true, .crashes = true}, 500'000);
  prove({.keeps_order = false, .breaks = true, .begins_anew = true, .crashes = true}, 600'000);
}

}  // namespace
}  // namespace guildfleet::fleet
