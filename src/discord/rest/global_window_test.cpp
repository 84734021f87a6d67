// When a request may follow others under the global limit, if it is not known when they arrived.
#include "discord/rest/global_window.hpp"

#include <gtest/gtest.h>

namespace guildfleet::discord {
namespace {

using namespace std::chrono_literals;

class a_global_window : public testing::Test {
 protected:
  base::steady_time start{1h};
  global_window window{1050ms};
};

TEST_F(a_global_window, is_free_until_as_many_count_as_may) {
  window.on_sent(start);
  EXPECT_LE(window.free_at(2), start);
  window.on_sent(start);
  EXPECT_GT(window.free_at(2), start);
  window.on_answered(start, start);
  EXPECT_EQ(window.free_at(2), start + 1050ms);
}

TEST_F(a_global_window, counts_an_answered_request_for_a_little_more_than_a_second) {
  window.on_sent(start);
  window.on_answered(start, start + 20ms);
  EXPECT_EQ(window.free_at(1), start + 1050ms);
}

TEST_F(a_global_window, counts_a_request_that_was_held_up_from_when_it_may_have_arrived) {
  window.on_sent(start);
  window.on_answered(start, start + 20ms);
  const auto then = start + 2s;
  window.on_sent(then);
  window.on_answered(then, then + 320ms);
  EXPECT_EQ(window.free_at(1), then + 300ms + 1s);
}

TEST_F(a_global_window, counts_a_request_for_as_long_as_it_is_under_way) {
  window.on_sent(start);
  window.on_answered(start, start + 20ms);
  const auto then = start + 2s;
  window.on_sent(then);
  EXPECT_EQ(window.free_at(1), base::steady_time::max());
  window.on_answered(then, then + 10s);
  EXPECT_EQ(window.free_at(1), then + 10s - 20ms + 1s) << "it may have waited for a connection";
}

TEST_F(a_global_window, counts_a_lost_request_from_its_loss) {
  window.on_sent(start);
  window.on_lost(start, start + 500ms);
  EXPECT_EQ(window.free_at(1), start + 1500ms);
}

TEST_F(a_global_window, learns_nothing_of_round_trips_from_a_loss) {
  window.on_sent(start);
  window.on_lost(start, start);
  window.on_sent(start + 1ms);
  window.on_answered(start + 1ms, start + 201ms);
  EXPECT_EQ(window.free_at(1), start + 1051ms);
}

TEST_F(a_global_window, frees_the_places_of_a_smaller_share_one_by_one) {
  for (int i = 0; i < 4; ++i) {
    const auto at = start + i * 100ms;
    window.on_sent(at);
    window.on_answered(at, at);
  }
  EXPECT_EQ(window.free_at(4), start + 1050ms);
  EXPECT_EQ(window.free_at(1), start + 300ms + 1050ms);
}

}  // namespace
}  // namespace guildfleet::discord
