// The rules of one connection: what is refused with which code, and what comes when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/gateway/gateway_test_kit.hpp"
#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {
namespace {

using namespace test_kit;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

class gateway_connection_rules : public testing::Test {
 protected:
  base::manual_clock clock;
  small_world world;
  gateway_hub hub{clock, world, world, {}, 1};
};

struct refused_case {
  const char* name;
  bool after_ready;
  const char* text;
  std::uint16_t code;
};

class refused_messages : public gateway_connection_rules, public testing::WithParamInterface<refused_case> {};

TEST_P(refused_messages, close_with_their_code) {
  scripted_client client(hub, clock);
  if (GetParam().after_ready) client.identifies();
  client.sends(GetParam().text);
  EXPECT_EQ(client.closed(), GetParam().code);
}

constexpr refused_case refused_cases[] = {
    {"unknown_opcode", false, R"({"op":5,"d":{}})", 4001},
    {"unknown_opcode_when_ready", true, R"({"op":99,"d":null})", 4001},
    {"not_json", false, "{", 4002},
    {"not_an_object", false, "[1]", 4002},
    {"no_op", false, R"({"d":1})", 4002},
    {"presence_before_ready", false, R"({"op":3,"d":{"status":"online"}})", 4003},
    {"voice_before_ready", false, R"({"op":4,"d":{}})", 4003},
    {"members_before_ready", false, R"({"op":8,"d":{}})", 4003},
    {"sounds_before_ready", false, R"({"op":31,"d":{}})", 4003},
    {"channel_info_before_ready", false, R"({"op":43,"d":{}})", 4003},
    {"wrong_token", false, R"({"op":2,"d":{"token":"Bot wrong","properties":{},"intents":1}})", 4004},
    {"resume_with_wrong_token", false, R"({"op":6,"d":{"token":"no","session_id":"x","seq":1}})", 4004},
    {"second_identify", true, R"({"op":2,"d":{"token":"token","properties":{},"intents":1}})", 4005},
    {"shard_not_below_count", false,
     R"({"op":2,"d":{"token":"token","properties":{},"intents":1,"shard":[2,2]}})", 4010},
    {"intents_missing", false, R"({"op":2,"d":{"token":"token","properties":{}}})", 4013},
    {"intents_unknown", false, R"({"op":2,"d":{"token":"token","properties":{},"intents":131072}})", 4013},
    {"intents_disallowed", false, R"({"op":2,"d":{"token":"other","properties":{},"intents":2}})", 4014},
    {"content_disallowed", false, R"({"op":2,"d":{"token":"other","properties":{},"intents":32768}})", 4014},
    {"identify_without_properties", false, R"({"op":2,"d":{"token":"token","intents":1}})", 4001},
    {"large_threshold_out_of_range", false,
     R"({"op":2,"d":{"token":"token","properties":{},"intents":1,"large_threshold":10}})", 4001},
    {"heartbeat_of_text", false, R"({"op":1,"d":"x"})", 4001},
    {"members_without_limit", true, R"({"op":8,"d":{"guild_id":"4194309","query":"a"}})", 4001},
    {"presence_with_unknown_status", true, R"({"op":3,"d":{"status":"busy"}})", 4001},
};

INSTANTIATE_TEST_SUITE_P(table, refused_messages, testing::ValuesIn(refused_cases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(gateway_connection_rules, message_over_4096_bytes_is_4002) {
  scripted_client client(hub, clock);
  client.sends(R"({"op":1,"d":null,"x":")" + std::string(4096, 'a') + "\"}");
  EXPECT_EQ(client.closed(), 4002);
}

TEST_F(gateway_connection_rules, wrong_version_is_4012_instead_of_hello) {
  scripted_client client(hub, clock, {"6", "json", ""});
  EXPECT_EQ(client.closed(), 4012);
  EXPECT_TRUE(client.output().messages.empty());
}

TEST_F(gateway_connection_rules, message_121_within_60_seconds_is_4008) {
  scripted_client client(hub, clock);
  for (int beat = 0; beat < 120; ++beat) client.sends(R"({"op":1,"d":null})");
  EXPECT_FALSE(client.closed());
  client.sends(R"({"op":1,"d":null})");
  EXPECT_EQ(client.closed(), 4008);
}

TEST_F(gateway_connection_rules, sixty_seconds_later_the_budget_is_full_again) {
  scripted_client client(hub, clock);
  for (int beat = 0; beat < 120; ++beat) client.sends(R"({"op":1,"d":null})");
  clock.advance(seconds(60));
  client.sends(R"({"op":1,"d":null})");
  EXPECT_FALSE(client.closed());
}

TEST_F(gateway_connection_rules, heartbeat_is_acked_and_its_sequence_remembered) {
  scripted_client client(hub, clock);
  client.identifies().sends(R"({"op":1,"d":3})");
  EXPECT_EQ(client.heard().back(), "op11:null");
  EXPECT_EQ(client.connection().session()->last_heartbeat_sequence, 3U);
}

TEST_F(gateway_connection_rules, two_intervals_without_heartbeat_are_4009_and_end_the_session) {
  scripted_client client(hub, clock);
  client.identifies();
  clock.advance(2 * hub.settings().heartbeat_interval - milliseconds(1));
  EXPECT_FALSE(client.ticks().closed());
  clock.advance(milliseconds(1));
  EXPECT_EQ(client.ticks().closed(), 4009);
  EXPECT_TRUE(hub.find_sessions(0, -1, {}).empty());
}

TEST_F(gateway_connection_rules, more_guilds_than_a_shard_holds_are_4011) {
  hub.settings().max_guilds_per_shard = 2;
  scripted_client client(hub, clock);
  EXPECT_EQ(client.identifies().closed(), 4011);
}

TEST_F(gateway_connection_rules, ready_is_number_one_and_lists_the_guilds_of_the_shard) {
  scripted_client client(hub, clock);
  client.identifies(1, 1, 2);
  EXPECT_THAT(client.news(true), ElementsAre("READY#1", "GUILD_CREATE#2", "GUILD_CREATE#3"));
  const json::object& ready = client.output().messages[1].at("d").as_object();
  EXPECT_EQ(ready.at("guilds").as_array().size(), 2U);
  EXPECT_EQ(json::serialize(ready.at("shard")), "[1,2]");
  EXPECT_EQ(ready.at("application").at("id"), "100");
  EXPECT_TRUE(ready.at("_trace").is_array());
}

TEST_F(gateway_connection_rules, without_the_guilds_intent_no_guild_create_comes) {
  scripted_client client(hub, clock);
  client.identifies(1U << 9U);
  EXPECT_THAT(client.news(), ElementsAre("READY"));
}

TEST_F(gateway_connection_rules, guild_in_outage_comes_as_unavailable_delete) {
  world.unavailable = guild_id(2);
  scripted_client client(hub, clock);
  client.identifies();
  EXPECT_THAT(client.news(), ElementsAre("READY", "GUILD_CREATE", "GUILD_DELETE", "GUILD_CREATE"));
}

TEST_F(gateway_connection_rules, slow_ready_is_held_while_heartbeats_are_acked) {
  hub.armed().slow_ready = seconds(10);
  scripted_client client(hub, clock);
  client.identifies().sends(R"({"op":1,"d":null})");
  EXPECT_THAT(client.news(), ElementsAre("op11:null"));
  clock.advance(seconds(10));
  EXPECT_THAT(client.ticks().news(), ElementsAre("READY", "GUILD_CREATE", "GUILD_CREATE", "GUILD_CREATE"));
}

TEST_F(gateway_connection_rules, a_full_output_gets_nothing_until_it_has_room) {
  scripted_client client(hub, clock);
  client.output().queued = hub.settings().outbox_refill_bytes;
  client.identifies();
  EXPECT_TRUE(client.news().empty());
  client.output().queued = 0;
  EXPECT_EQ(client.ticks().news().size(), 4U);
}

TEST_F(gateway_connection_rules, the_prefix_of_rest_before_the_token_is_taken_too) {
  scripted_client first(hub, clock);
  first.identifies(1, 0, 1, "Bot token");
  const std::string session = first.session_name();
  ASSERT_FALSE(session.empty());
  first.connection().on_peer_gone(1006, clock.steady_now());
  scripted_client second(hub, clock);
  second.resumes(session, 1);
  EXPECT_FALSE(second.closed());
  EXPECT_EQ(second.last().at("t"), "RESUMED");
}

TEST_F(gateway_connection_rules, payload_compression_is_switched_on_by_identify) {
  scripted_client client(hub, clock);
  client.sends(R"({"op":2,"d":{"token":"token","properties":{},"intents":1,"compress":true}})");
  EXPECT_TRUE(client.output().compressed);
}

TEST_F(gateway_connection_rules, a_transport_named_as_payload_compression_is_passed_over) {
  scripted_client client(hub, clock, {"10", "json", "zlib-stream"});
  client.sends(R"({"op":2,"d":{"token":"token","properties":{},"intents":1,"compress":"zlib-stream"}})");
  EXPECT_FALSE(client.closed());
  EXPECT_FALSE(client.output().compressed);
}

TEST_F(gateway_connection_rules, members_come_in_chunks_of_a_thousand_with_the_nonce) {
  world.member_count = 2500;
  scripted_client client(hub, clock);
  client.identifies(intent::all).news();
  client.sends(
      fmt::format(R"({{"op":8,"d":{{"guild_id":"{}","query":"","limit":0,"nonce":"n"}}}})", guild_id(1)));
  EXPECT_EQ(client.news().size(), 3U);
  EXPECT_EQ(client.last().at("d").at("chunk_index"), 2);
  EXPECT_EQ(client.last().at("d").at("chunk_count"), 3);
  EXPECT_EQ(client.last().at("d").at("members").as_array().size(), 500U);
  EXPECT_EQ(client.last().at("d").at("nonce"), "n");
}

TEST_F(gateway_connection_rules, second_request_for_everybody_is_rate_limited) {
  scripted_client client(hub, clock);
  client.identifies(intent::all).news();
  const std::string ask =
      fmt::format(R"({{"op":8,"d":{{"guild_id":"{}","query":"","limit":0}}}})", guild_id(1));
  client.sends(ask).sends(ask);
  EXPECT_THAT(client.news(), ElementsAre("GUILD_MEMBERS_CHUNK", "RATE_LIMITED"));
  EXPECT_EQ(client.last().at("d").at("opcode"), 8);
  clock.advance(seconds(30));
  EXPECT_THAT(client.sends(ask).news(), ElementsAre("GUILD_MEMBERS_CHUNK"));
}

TEST_F(gateway_connection_rules, unknown_user_ids_are_told_as_not_found) {
  scripted_client client(hub, clock);
  client.identifies();
  client.sends(fmt::format(R"({{"op":8,"d":{{"guild_id":"{}","user_ids":["2","77"]}}}})", guild_id(1)));
  EXPECT_EQ(json::serialize(client.last().at("d").at("not_found")), R"(["77"])");
  EXPECT_EQ(client.last().at("d").at("members").as_array().size(), 1U);
}

TEST_F(gateway_connection_rules, channel_info_has_only_the_fields_asked_for) {
  scripted_client client(hub, clock);
  client.identifies();
  client.sends(fmt::format(R"({{"op":43,"d":{{"guild_id":"{}","fields":["status"]}}}})", guild_id(1)));
  EXPECT_EQ(json::serialize(client.last().at("d").at("channels")), R"([{"id":"7","status":"hi"}])");
}

TEST_F(gateway_connection_rules, soundboard_sounds_come_per_guild) {
  scripted_client client(hub, clock);
  client.identifies().news();
  client.sends(fmt::format(R"({{"op":31,"d":{{"guild_ids":["{}","{}"]}}}})", guild_id(1), guild_id(2)));
  EXPECT_THAT(client.news(), ElementsAre("SOUNDBOARD_SOUNDS", "SOUNDBOARD_SOUNDS"));
}

TEST_F(gateway_connection_rules, voice_state_reaches_the_world) {
  scripted_client client(hub, clock);
  client.identifies();
  client.sends(
      fmt::format(R"({{"op":4,"d":{{"guild_id":"{}","channel_id":"8","self_mute":true,"self_deaf":false}}}})",
                  guild_id(1)));
  ASSERT_TRUE(world.voice);
  EXPECT_EQ(world.voice->channel, 8U);
  EXPECT_TRUE(world.voice->self_mute);
}

TEST_F(gateway_connection_rules, sixth_presence_within_20_seconds_is_dropped) {
  scripted_client client(hub, clock);
  client.identifies();
  for (int count = 0; count < 6; ++count) client.sends(R"({"op":3,"d":{"status":"idle","activities":[]}})");
  EXPECT_EQ(std::ranges::count(world.presences, "idle"), 5);
  EXPECT_FALSE(client.closed());
}

}  // namespace
}  // namespace guildfleet::sim
