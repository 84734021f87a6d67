// Sessions that are shown the same events late, and each in its own order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/gateway/gateway_hub.hpp"
#include "sim/gateway/gateway_test_kit.hpp"

namespace guildfleet::sim {
namespace {

using namespace test_kit;
using std::chrono::milliseconds;
using std::chrono::seconds;

class late_events : public testing::Test {
 protected:
  void happens(const std::string& message) {
    world_event event = message_event();
    event.data["id"] = message;
    hub.publish(std::move(event));
  }
  static std::vector<std::string> messages_of(const scripted_client& client) {
    std::vector<std::string> out;
    for (const json::object& message : client.messages())
      if (message.at("t") == "MESSAGE_CREATE") out.emplace_back(message.at("d").at("id").as_string());
    return out;
  }

  base::manual_clock clock;
  small_world world;
  gateway_hub hub{clock, world, world, {}, 1};
};

TEST_F(late_events, come_to_each_session_in_an_order_of_its_own) {
  scripted_client first(hub, clock);
  scripted_client second(hub, clock);
  first.identifies();
  clock.advance(seconds(5));
  second.identifies();
  hub.armed().delay = {milliseconds(200), false};
  for (int i = 0; i < 20; ++i) happens(std::to_string(i));
  first.ticks();
  EXPECT_THAT(messages_of(first), testing::SizeIs(testing::Lt(20U)));
  EXPECT_LE(first.connection().next_due(), clock.steady_now() + milliseconds(200));
  clock.advance(milliseconds(200));
  first.ticks();
  second.ticks();
  EXPECT_THAT(messages_of(first), testing::SizeIs(20));
  EXPECT_THAT(messages_of(second), testing::UnorderedElementsAreArray(messages_of(first)));
  EXPECT_NE(messages_of(first), messages_of(second));
}

TEST_F(late_events, may_keep_the_order_of_their_guild) {
  scripted_client client(hub, clock);
  client.identifies();
  hub.armed().delay = {milliseconds(200), true};
  std::vector<std::string> all;
  for (int i = 0; i < 20; ++i) all.push_back(std::to_string(i));
  for (const std::string& each : all) happens(each);
  hub.armed().delay = {};
  happens("the last, when nothing is late any more");
  all.emplace_back("the last, when nothing is late any more");
  clock.advance(milliseconds(200));
  EXPECT_EQ(messages_of(client.ticks()), all);
}

TEST_F(late_events, that_nobody_was_connected_for_come_after_the_resume) {
  scripted_client lost(hub, clock);
  lost.identifies();
  hub.armed().delay = {milliseconds(200), true};
  happens("1");
  lost.connection().on_peer_gone(0, clock.steady_now());
  clock.advance(milliseconds(200));
  scripted_client back(hub, clock);
  back.resumes(lost.session_name(), 1).ticks();
  EXPECT_EQ(messages_of(back), std::vector<std::string>{"1"});
}

}  // namespace
}  // namespace guildfleet::sim
