#include "store/postgres/pool_gate.hpp"

#include <gtest/gtest.h>

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;

class pool_gate_of_two : public testing::Test {
 protected:
  void use_one() {
    gate.connecting();
    gate.connected();
  }

  base::steady_time now{1h};
  base::random_source random{1};
  pool_gate gate{{.connections = 2, .waiting = 1, .pauses = {.first = 100ms, .cap = 2000ms}}};
};

TEST_F(pool_gate_of_two, connects_until_its_bound_then_waits_then_refuses) {
  use_one();
  EXPECT_EQ(gate.ask(now), pool_answer::connect);
  gate.connecting();
  EXPECT_EQ(gate.ask(now), pool_answer::wait) << "one that is being made counts";
  gate.connected();
  EXPECT_EQ(gate.ask(now), pool_answer::wait);
  gate.began_waiting();
  EXPECT_EQ(gate.ask(now), pool_answer::too_many_waiting);
  gate.ended_waiting();
  EXPECT_EQ(gate.ask(now), pool_answer::wait);
}

TEST_F(pool_gate_of_two, takes_one_that_rests_before_it_makes_another) {
  use_one();
  gate.returned();
  EXPECT_EQ(gate.ask(now), pool_answer::take_idle);
  gate.took_idle();
  EXPECT_EQ(gate.in_use(), 1U);
  EXPECT_EQ(gate.ask(now), pool_answer::connect);
}

TEST_F(pool_gate_of_two, a_discarded_connection_makes_room) {
  use_one();
  use_one();
  EXPECT_EQ(gate.ask(now), pool_answer::wait);
  gate.discarded();
  EXPECT_EQ(gate.ask(now), pool_answer::connect);
}

TEST_F(pool_gate_of_two, pauses_after_a_failure_and_then_lets_one_try) {
  gate.connecting();
  gate.connect_failed(now, random);
  EXPECT_EQ(gate.ask(now), pool_answer::backing_off);
  EXPECT_EQ(gate.ask(now + 101ms), pool_answer::connect);
  gate.connecting();
  EXPECT_EQ(gate.ask(now + 101ms), pool_answer::backing_off) << "the others need not hang too";
  gate.connected();
  EXPECT_EQ(gate.ask(now + 101ms), pool_answer::connect) << "the server is back";
}

TEST_F(pool_gate_of_two, never_pauses_longer_than_its_cap) {
  for (int i = 0; i < 20; ++i) {
    gate.connecting();
    gate.connect_failed(now, random);
  }
  EXPECT_EQ(gate.ask(now + 2001ms), pool_answer::connect);
}

TEST_F(pool_gate_of_two, gives_an_open_connection_even_while_new_ones_fail) {
  use_one();
  gate.connecting();
  gate.connect_failed(now, random);
  gate.returned();
  EXPECT_EQ(gate.ask(now), pool_answer::take_idle);
}

}  // namespace
}  // namespace guildfleet::store
