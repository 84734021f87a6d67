#include "features/sticky/channel_pace.hpp"

#include <gtest/gtest.h>

namespace guildfleet::features {
namespace {

using namespace std::chrono_literals;

class channel_pace_of_a_channel : public testing::Test {
 protected:
  std::optional<channel_pace::step> message(std::chrono::milliseconds at, bool of_bot = false) {
    return pace.on_message({++last}, of_bot, base::steady_time(at), limits);
  }
  [[nodiscard]] std::optional<std::chrono::milliseconds> wait(std::chrono::milliseconds at,
                                                              bool of_bot = false) {
    const auto step = message(at, of_bot);
    return step ? std::optional(step->wait) : std::nullopt;
  }

  channel_pace pace;
  pace_limits limits;
  std::uint64_t last = 100;
};

TEST_F(channel_pace_of_a_channel, waits_for_five_seconds_without_a_message) {
  EXPECT_EQ(wait(0ms), 5s);
  EXPECT_EQ(wait(2s), 5s);
}

TEST_F(channel_pace_of_a_channel, of_a_busy_channel_ends_thirty_seconds_after_the_first_message) {
  for (int second = 0; second <= 25; ++second) EXPECT_EQ(wait(second * 1s), 5s) << second;
  EXPECT_EQ(wait(28s), 2s);
  EXPECT_EQ(wait(31s), 0s);
}

TEST_F(channel_pace_of_a_channel, tells_the_first_message_below_the_sticky_one_only) {
  EXPECT_TRUE(message(0ms)->begins);
  EXPECT_FALSE(message(1s)->begins);
  pace.begin_posting();
  EXPECT_EQ(pace.end_posting({++last}), discord::message_id{});
  EXPECT_TRUE(message(10s)->begins);
  EXPECT_EQ(pace.first_below().value, last);
}

TEST_F(channel_pace_of_a_channel, does_not_count_what_stands_above_the_sticky_message) {
  pace.stands({500});
  EXPECT_FALSE(pace.on_message({499}, false, {}, limits));
  EXPECT_FALSE(pace.on_message({500}, true, {}, limits)) << "the sticky message itself";
  EXPECT_TRUE(pace.on_message({501}, false, {}, limits));
}

TEST_F(channel_pace_of_a_channel, forgets_messages_above_a_newer_sticky_message) {
  (void)message(0ms);
  pace.stands({last + 10});
  EXPECT_TRUE(pace.first_below().empty());
}

TEST_F(channel_pace_of_a_channel, tells_what_came_below_while_it_was_posted) {
  pace.begin_posting();
  EXPECT_FALSE(pace.on_message({200}, false, {}, limits));
  EXPECT_FALSE(pace.on_message({300}, true, {}, limits)) << "the new sticky message, before its answer";
  EXPECT_EQ(pace.end_posting({300}), discord::message_id{});
  pace.begin_posting();
  EXPECT_FALSE(pace.on_message({450}, false, {}, limits));
  EXPECT_EQ(pace.end_posting({400}).value, 450U);
}

TEST_F(channel_pace_of_a_channel, goes_on_when_nothing_could_be_posted) {
  (void)message(0ms);
  pace.begin_posting();
  EXPECT_EQ(pace.end_posting({}), discord::message_id{});
  EXPECT_FALSE(pace.first_below().empty());
}

TEST_F(channel_pace_of_a_channel, follows_bots_at_the_longest_wait_only) {
  EXPECT_EQ(wait(0ms, true), 30s);
  EXPECT_EQ(wait(10s, true), 20s);
  EXPECT_EQ(wait(11s), 5s);
  EXPECT_EQ(wait(12s, true), 4s) << "a bot's message does not put it off";
}

}  // namespace
}  // namespace guildfleet::features
