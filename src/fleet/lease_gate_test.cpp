#include "fleet/lease_gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr boot_time start{1'000'000ms};
constexpr boot_time deadline = start + 10s;
constexpr boot_time late = deadline + 1ms;

// A gate that got epoch 4 at `start`.
lease_gate held_gate(hold_limits limits = {}) {
  lease_gate gate(limits);
  EXPECT_EQ(gate.acquired(4, deadline), after_acquire::resume_from_ledger);
  return gate;
}

TEST(lease_gate, permits_nothing_before_the_first_lease) {
  lease_gate gate;
  EXPECT_FALSE(gate.permits(start));
  EXPECT_EQ(gate.admit("event", start), event_verdict::drop);
  EXPECT_EQ(gate.state(start), lease_state::none);
}

TEST(lease_gate, permits_until_its_own_deadline_and_not_at_it) {
  const lease_gate gate = held_gate();
  EXPECT_TRUE(gate.permits(deadline - 1ms));
  EXPECT_FALSE(gate.permits(deadline));
  EXPECT_EQ(gate.state(deadline), lease_state::holding);
}

TEST(lease_gate, goes_on_when_renewed_in_time) {
  lease_gate gate = held_gate();
  EXPECT_EQ(gate.admit("event", start), event_verdict::act);
  EXPECT_EQ(gate.acquired(4, deadline + 5s), after_acquire::go_on);
  EXPECT_TRUE(gate.permits(late));
}

TEST(lease_gate, replays_what_it_held_under_the_same_epoch) {
  lease_gate gate = held_gate();
  EXPECT_EQ(gate.admit("one", late), event_verdict::held);
  EXPECT_EQ(gate.admit("two", late), event_verdict::held);
  EXPECT_EQ(gate.acquired(4, late + 10s), after_acquire::replay);
  EXPECT_THAT(gate.take_held(), ElementsAre("one", "two"));
  EXPECT_EQ(gate.admit("three", late + 1s), event_verdict::act);
  EXPECT_EQ(gate.held_bytes(), 0U);
}

TEST(lease_gate, keeps_the_order_of_events_that_come_before_the_replay) {
  lease_gate gate = held_gate();
  EXPECT_EQ(gate.admit("one", late), event_verdict::held);
  EXPECT_EQ(gate.acquired(4, late + 10s), after_acquire::replay);
  EXPECT_EQ(gate.admit("two", late + 1s), event_verdict::held);
  EXPECT_THAT(gate.take_held(), ElementsAre("one", "two"));
}

TEST(lease_gate, goes_on_when_nothing_came_while_expired) {
  lease_gate gate = held_gate();
  EXPECT_EQ(gate.state(late), lease_state::holding);
  EXPECT_EQ(gate.acquired(4, late + 10s), after_acquire::go_on);
}

TEST(lease_gate, drops_what_it_held_when_another_owned_the_shard_meanwhile) {
  lease_gate gate = held_gate();
  EXPECT_EQ(gate.admit("one", late), event_verdict::held);
  EXPECT_EQ(gate.acquired(6, late + 10s), after_acquire::resume_from_ledger);
  EXPECT_THAT(gate.take_held(), IsEmpty());
  EXPECT_TRUE(gate.permits(late));
}

TEST(lease_gate, drops_everything_once_lost) {
  lease_gate gate = held_gate();
  EXPECT_EQ(gate.admit("one", late), event_verdict::held);
  gate.lost();
  EXPECT_EQ(gate.state(start), lease_state::lost);
  EXPECT_FALSE(gate.permits(start)) << "even before the old deadline";
  EXPECT_EQ(gate.admit("two", late), event_verdict::drop);
  EXPECT_EQ(gate.held_events(), 0U);
  EXPECT_EQ(gate.acquired(5, late + 10s), after_acquire::resume_from_ledger);
}

TEST(lease_gate, drops_the_connection_when_more_events_come_than_fit) {
  lease_gate gate = held_gate({.max_events = 2});
  EXPECT_EQ(gate.admit("one", late), event_verdict::held);
  EXPECT_EQ(gate.admit("two", late), event_verdict::held);
  EXPECT_EQ(gate.admit("three", late), event_verdict::drop_connection);
  EXPECT_EQ(gate.state(late), lease_state::overflowed);
  EXPECT_EQ(gate.admit("four", late), event_verdict::drop);
  EXPECT_FALSE(gate.permits(late));
  EXPECT_EQ(gate.acquired(4, late + 10s), after_acquire::resume_from_ledger);
}

TEST(lease_gate, drops_the_connection_when_more_bytes_come_than_fit) {
  lease_gate gate = held_gate({.max_events = 100, .max_bytes = 10});
  EXPECT_EQ(gate.admit("12345678", late), event_verdict::held);
  EXPECT_EQ(gate.held_bytes(), 8U);
  EXPECT_EQ(gate.admit("123", late), event_verdict::drop_connection);
  EXPECT_EQ(gate.held_bytes(), 0U);
}

}  // namespace
}  // namespace guildfleet::fleet
