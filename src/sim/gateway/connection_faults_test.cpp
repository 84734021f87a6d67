// Faults that connections make on demand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/gateway/gateway_test_kit.hpp"
#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {
namespace {

using namespace test_kit;
using testing::ElementsAre;
using testing::IsEmpty;

class gateway_faults : public testing::Test {
 protected:
  base::manual_clock clock;
  small_world world;
  gateway_hub hub{clock, world, world, {}, 1};
};

TEST_F(gateway_faults, silent_shard_acks_and_replays_after_resume) {
  scripted_client client(hub, clock);
  client.identifies().news();
  client.connection().set_silent(true);
  hub.publish(message_event());
  EXPECT_THAT(client.sends(R"({"op":1,"d":4})").news(), ElementsAre("op11:null"));
  client.connection().on_peer_gone(4000, clock.steady_now());
  scripted_client again(hub, clock);
  EXPECT_THAT(again.resumes(client.session_name(), 4).news(true),
              ElementsAre("MESSAGE_CREATE#5", "RESUMED#6"));
}

TEST_F(gateway_faults, reconnect_opcode_is_followed_by_closing) {
  scripted_client client(hub, clock);
  client.identifies().news();
  client.connection().send_reconnect(clock.steady_now());
  EXPECT_THAT(client.news(), ElementsAre("op7:null"));
  clock.advance(hub.settings().reconnect_grace);
  EXPECT_EQ(client.ticks().closed(), 4000);
}

TEST_F(gateway_faults, reconnect_may_come_instead_of_hello) {
  hub.armed().reconnect_before_hello = 1;
  scripted_client client(hub, clock);
  EXPECT_THAT(client.heard(), ElementsAre("op7:null"));
}

TEST_F(gateway_faults, invalid_session_true_can_be_resumed_on_the_same_socket) {
  scripted_client client(hub, clock);
  client.identifies().news();
  client.connection().invalidate(true);
  client.resumes(client.session_name(), 4);
  EXPECT_THAT(client.news(), ElementsAre("op9:true", "RESUMED"));
}

TEST_F(gateway_faults, invalid_session_false_ends_the_session) {
  scripted_client client(hub, clock);
  client.identifies().news();
  client.connection().invalidate(false);
  client.resumes(client.session_name(), 4);
  EXPECT_THAT(client.news(), ElementsAre("op9:false", "op9:false"));
}

TEST_F(gateway_faults, stopped_acks_are_counted) {
  scripted_client client(hub, clock);
  client.identifies().news();
  client.connection().stop_acks(true);
  EXPECT_THAT(client.sends(R"({"op":1,"d":1})").news(), IsEmpty());
  EXPECT_EQ(hub.counters().acks_withheld, 1U);
}

TEST_F(gateway_faults, half_open_connection_says_and_hears_nothing) {
  scripted_client client(hub, clock);
  client.identifies().news();
  client.connection().go_half_open();
  hub.publish(message_event());
  client.sends(R"({"op":1,"d":1})").ticks();
  EXPECT_THAT(client.news(), IsEmpty());
  EXPECT_TRUE(client.output().frozen);
  scripted_client again(hub, clock);
  EXPECT_THAT(again.resumes(client.session_name(), 4).news(), ElementsAre("MESSAGE_CREATE", "RESUMED"));
}

TEST_F(gateway_faults, duplicates_repeat_the_last_dispatches_with_their_sequences) {
  scripted_client client(hub, clock);
  client.identifies();
  hub.publish(message_event());
  client.ticks().news();
  client.connection().repeat_last(2);
  EXPECT_THAT(client.news(true), ElementsAre("GUILD_CREATE#4", "MESSAGE_CREATE#5"));
}

TEST_F(gateway_faults, unknown_fields_and_events_are_valid_json) {
  hub.armed().unknown_fields = true;
  scripted_client client(hub, clock);
  client.identifies();
  client.connection().send_unknown_event();
  client.ticks();
  EXPECT_EQ(client.last().at("t"), "GUILDFLEET_SIM_UNKNOWN");
  EXPECT_TRUE(client.last().contains("_future_field"));
  EXPECT_TRUE(client.last().at("d").as_object().contains("_future_field"));
}

}  // namespace
}  // namespace guildfleet::sim
