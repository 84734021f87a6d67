#include "features/event_channel.hpp"

#include <gtest/gtest.h>

namespace guildfleet::features {
namespace {

TEST(event_channel, is_the_one_of_the_event_and_none_that_stands_in_it) {
  EXPECT_EQ(channel_of_event(R"({"permission_overwrites":[{"id":"7"}],"id":"20"})"), discord::channel_id{20});
  EXPECT_TRUE(channel_of_event(R"({"permission_overwrites":[{"id":"7"}]})").empty());
  EXPECT_TRUE(channel_of_event("broken").empty());
}

}  // namespace
}  // namespace guildfleet::features
