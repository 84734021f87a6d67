// Sessions: identify limits, resume, who gets which event.
#include "sim/gateway/gateway_hub.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/gateway/gateway_test_kit.hpp"
#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {
namespace {

using namespace test_kit;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class hub_behaviour : public testing::Test {
 protected:
  base::manual_clock clock;
  small_world world;
  gateway_hub hub{clock, world, world, {}, 1};

  void pass(milliseconds time) { clock.advance(time); }
  void new_window() { clock.advance(seconds(5)); }
};

TEST_F(hub_behaviour, identify_too_soon_gets_invalid_session_after_a_moment) {
  scripted_client first(hub, clock);
  scripted_client second(hub, clock);
  first.identifies();
  EXPECT_THAT(second.identifies().news(), IsEmpty());
  pass(hub.settings().violation_delay);
  EXPECT_THAT(second.ticks().news(), ElementsAre("op9:false"));
  EXPECT_EQ(hub.counters().window_violations, 1U);
  new_window();
  EXPECT_EQ(second.identifies().news().front(), "READY");
}

TEST_F(hub_behaviour, buckets_of_max_concurrency_are_independent) {
  world.bot.max_concurrency = 2;
  scripted_client first(hub, clock);
  scripted_client second(hub, clock);
  first.identifies(1, 0, 2);
  EXPECT_EQ(second.identifies(1, 1, 2).news().front(), "READY");
}

TEST_F(hub_behaviour, start_limit_counts_identifies_and_starts_anew_after_a_day) {
  scripted_client client(hub, clock);
  client.identifies();
  pass(hours(1));
  EXPECT_EQ(hub.session_start_limit(100).remaining, 999);
  EXPECT_EQ(hub.session_start_limit(100).reset_after_ms, milliseconds(hours(23)).count());
  pass(hours(23));
  EXPECT_EQ(hub.session_start_limit(100).remaining, 1000);
}

TEST_F(hub_behaviour, one_identify_too_many_ends_all_sessions_and_resets_the_token) {
  world.bot.session_start_total = 1;
  scripted_client first(hub, clock);
  first.identifies();
  new_window();
  scripted_client second(hub, clock);
  EXPECT_EQ(second.identifies().closed(), 4004);
  EXPECT_EQ(first.closed(), 4004);
  scripted_client third(hub, clock);
  EXPECT_EQ(third.identifies().closed(), 4004);
}

TEST_F(hub_behaviour, resume_replays_with_the_original_sequences_then_resumed_then_live) {
  std::string session;
  {
    scripted_client client(hub, clock);
    client.identifies();
    session = client.session_name();
    client.connection().on_peer_gone(4000, clock.steady_now());
  }
  hub.publish(message_event());
  hub.publish(message_event());
  scripted_client again(hub, clock);
  again.resumes(session, 4);
  EXPECT_THAT(again.news(true), ElementsAre("MESSAGE_CREATE#5", "MESSAGE_CREATE#6", "RESUMED#7"));
  hub.publish(message_event());
  EXPECT_THAT(again.ticks().news(true), ElementsAre("MESSAGE_CREATE#8"));
  EXPECT_EQ(hub.counters().resumes_ok, 1U);
}

struct close_case {
  std::uint16_t code;
  bool resumable;
};
class client_close : public hub_behaviour, public testing::WithParamInterface<close_case> {};

TEST_P(client_close, decides_whether_the_session_survives) {
  scripted_client client(hub, clock);
  client.identifies();
  client.connection().on_peer_gone(GetParam().code, clock.steady_now());
  scripted_client again(hub, clock);
  again.resumes(client.session_name(), 4);
  EXPECT_EQ(again.news().back(), GetParam().resumable ? "RESUMED" : "op9:false");
}

INSTANTIATE_TEST_SUITE_P(codes, client_close,
                         testing::Values(close_case{1000, false}, close_case{1001, false},
                                         close_case{0, true}, close_case{4000, true}, close_case{4200, true},
                                         close_case{1006, true}));

TEST_F(hub_behaviour, session_is_forgotten_after_its_time) {
  scripted_client client(hub, clock);
  client.identifies();
  client.connection().on_peer_gone(0, clock.steady_now());
  pass(hub.settings().session_keep);
  scripted_client again(hub, clock);
  EXPECT_THAT(again.resumes(client.session_name(), 4).news(), ElementsAre("op9:false"));
}

TEST_F(hub_behaviour, resume_from_the_future_is_4007) {
  scripted_client client(hub, clock);
  client.identifies();
  client.connection().on_peer_gone(0, clock.steady_now());
  scripted_client again(hub, clock);
  EXPECT_EQ(again.resumes(client.session_name(), 99).closed(), 4007);
}

TEST_F(hub_behaviour, resume_of_another_bots_session_is_refused) {
  scripted_client client(hub, clock);
  client.identifies();
  client.connection().on_peer_gone(0, clock.steady_now());
  scripted_client again(hub, clock);
  EXPECT_THAT(again.resumes(client.session_name(), 4, "other").news(), ElementsAre("op9:false"));
}

TEST_F(hub_behaviour,
       resume_from_before_the_trimmed_buffer_is_refused_and_identify_works_on_the_same_socket) {
  scripted_client client(hub, clock);
  client.identifies();
  hub.find_sessions(100, 0, {}).front()->ring.forget_up_to(3);
  client.connection().on_peer_gone(0, clock.steady_now());
  scripted_client again(hub, clock);
  EXPECT_THAT(again.resumes(client.session_name(), 2).news(), ElementsAre("op9:false"));
  new_window();
  EXPECT_EQ(again.identifies().news().front(), "READY");
}

TEST_F(hub_behaviour, resume_during_guild_loading_goes_on_with_the_other_guilds) {
  scripted_client client(hub, clock);
  client.output().queued = hub.settings().outbox_refill_bytes;
  client.identifies();
  client.connection().on_peer_gone(0, clock.steady_now());
  scripted_client again(hub, clock);
  again.resumes(hub.find_sessions(100, 0, {}).front()->name, 0);
  EXPECT_THAT(again.news(true),
              ElementsAre("READY#1", "RESUMED#2", "GUILD_CREATE#3", "GUILD_CREATE#4", "GUILD_CREATE#5"));
}

TEST_F(hub_behaviour, resume_of_a_live_session_closes_the_older_connection) {
  scripted_client client(hub, clock);
  client.identifies();
  scripted_client again(hub, clock);
  EXPECT_EQ(again.resumes(client.session_name(), 4).news().back(), "RESUMED");
  EXPECT_EQ(client.closed(), 4000);
}

TEST_F(hub_behaviour, two_sessions_on_one_shard_both_get_the_events) {
  scripted_client first(hub, clock);
  first.identifies().news();
  new_window();
  scripted_client second(hub, clock);
  second.identifies().news();
  hub.publish(message_event());
  EXPECT_THAT(first.ticks().news(), ElementsAre("MESSAGE_CREATE"));
  EXPECT_THAT(second.ticks().news(), ElementsAre("MESSAGE_CREATE"));
}

TEST_F(hub_behaviour, kick_first_ends_the_older_session) {
  hub.settings().on_second_session = second_session::kick_first;
  scripted_client first(hub, clock);
  first.identifies();
  new_window();
  scripted_client second(hub, clock);
  second.identifies();
  EXPECT_EQ(first.closed(), 4000);
  scripted_client again(hub, clock);
  EXPECT_THAT(again.resumes(first.session_name(), 4).news(), ElementsAre("op9:false"));
}

TEST_F(hub_behaviour, mute_second_gives_the_newer_session_no_events) {
  hub.settings().on_second_session = second_session::mute_second;
  scripted_client first(hub, clock);
  first.identifies().news();
  new_window();
  scripted_client second(hub, clock);
  EXPECT_EQ(second.identifies().news().size(), 4U);
  hub.publish(message_event());
  EXPECT_THAT(first.ticks().news(), ElementsAre("MESSAGE_CREATE"));
  EXPECT_THAT(second.ticks().news(), IsEmpty());
}

TEST_F(hub_behaviour, events_go_to_the_guilds_shard_only) {
  world.bot.max_concurrency = 2;
  scripted_client even(hub, clock);
  scripted_client odd(hub, clock);
  even.identifies(scripted_client::intent_all_unprivileged, 0, 2).news();
  odd.identifies(scripted_client::intent_all_unprivileged, 1, 2).news();
  hub.publish(message_event());
  EXPECT_THAT(even.ticks().news(), IsEmpty());
  EXPECT_THAT(odd.ticks().news(), ElementsAre("MESSAGE_CREATE"));
}

TEST_F(hub_behaviour, events_without_a_guild_go_to_shard_zero) {
  world.bot.max_concurrency = 2;
  scripted_client zero(hub, clock);
  scripted_client one(hub, clock);
  zero.identifies(1, 0, 2).news();
  one.identifies(1, 1, 2).news();
  hub.publish({.type = "USER_UPDATE", .data = {}, .guild = {}, .only_bot = 100});
  EXPECT_THAT(zero.ticks().news(), ElementsAre("USER_UPDATE"));
  EXPECT_THAT(one.ticks().news(), IsEmpty());
}

TEST_F(hub_behaviour, events_without_the_intent_are_withheld) {
  scripted_client client(hub, clock);
  client.identifies(1).news();
  hub.publish(message_event());
  EXPECT_THAT(client.ticks().news(), IsEmpty());
}

TEST_F(hub_behaviour, own_member_update_needs_no_intent) {
  scripted_client client(hub, clock);
  client.identifies(1).news();
  for (const char* user : {"1", "100"})
    hub.publish({.type = "GUILD_MEMBER_UPDATE",
                 .data = {{"user", {{"id", user}}}},
                 .guild = guild_id(1),
                 .any_of_intents = intent::guild_members,
                 .only_bot = {}});
  EXPECT_THAT(client.ticks().news(), ElementsAre("GUILD_MEMBER_UPDATE"));
}

struct blanking_case {
  const char* name;
  std::uint64_t intents;
  id author;
  bool mention;
  bool blanked;
};
class blanking : public hub_behaviour, public testing::WithParamInterface<blanking_case> {};

TEST_P(blanking, of_message_content) {
  scripted_client client(hub, clock);
  client.identifies(GetParam().intents);
  world_event event = message_event("hello", GetParam().author);
  if (GetParam().mention) event.data["mentions"] = {{{"id", "100"}}};
  hub.publish(std::move(event));
  client.ticks();
  EXPECT_EQ(client.last().at("d").at("content"), GetParam().blanked ? "" : "hello");
  EXPECT_EQ(client.last().at("d").at("embeds").as_array().empty(), GetParam().blanked);
}

INSTANTIATE_TEST_SUITE_P(recipients, blanking,
                         testing::Values(blanking_case{"without_intent", 513, 1, false, true},
                                         blanking_case{"with_intent", 513 | intent::message_content, 1, false,
                                                       false},
                                         blanking_case{"own_message", 513, 100, false, false},
                                         blanking_case{"mentioned", 513, 1, true, false}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(hub_behaviour, first_event_of_a_pending_guild_brings_its_guild_create_forward) {
  scripted_client client(hub, clock);
  client.output().queued = hub.settings().outbox_refill_bytes;
  client.identifies();
  hub.publish(message_event());
  client.output().queued = 0;
  EXPECT_THAT(client.ticks().news(),
              ElementsAre("READY", "GUILD_CREATE", "MESSAGE_CREATE", "GUILD_CREATE", "GUILD_CREATE"));
}

TEST_F(hub_behaviour, removed_guild_gets_a_delete_and_no_more_events) {
  scripted_client client(hub, clock);
  client.identifies().news();
  hub.publish({.type = "GUILD_DELETE",
               .data = {{"id", std::to_string(guild_id(1))}},
               .guild = guild_id(1),
               .any_of_intents = intent::guilds,
               .only_bot = 100});
  hub.publish(message_event());
  EXPECT_THAT(client.ticks().news(), ElementsAre("GUILD_DELETE"));
}

TEST_F(hub_behaviour, added_guild_gets_a_create_and_its_events) {
  scripted_client client(hub, clock);
  world.guilds.erase(world.guilds.begin());
  client.identifies().news();
  hub.publish(
      {.type = "GUILD_CREATE", .data = {}, .guild = guild_id(1), .any_of_intents = 1, .only_bot = 100});
  hub.publish(message_event());
  EXPECT_THAT(client.ticks().news(), ElementsAre("GUILD_CREATE", "MESSAGE_CREATE"));
}

TEST_F(hub_behaviour, consumer_slower_than_its_ring_is_dropped) {
  hub.settings().replay_events = 10;
  scripted_client client(hub, clock);
  client.identifies();
  client.output().queued = hub.settings().outbox_refill_bytes;
  for (int count = 0; count < 11; ++count) hub.publish(message_event());
  client.output().queued = 0;
  client.ticks();
  EXPECT_TRUE(client.output().dropped);
  EXPECT_EQ(hub.counters().slow_consumers, 1U);
}

class numbered_source final : public dispatch_source {
 public:
  numbered_source(int count, bool keep) : left_(count), keep_(keep) {}
  std::optional<event_body> next() override {
    if (left_-- == 0) return std::nullopt;
    return make_event_body("MESSAGE_CREATE", {});
  }
  bool keeps_replay() const override { return keep_; }

 private:
  int left_;
  bool keep_;
};

// The client's session, whose feed has two events.
gateway_session& fed_session(gateway_hub& hub, scripted_client& client, bool keeps_replay) {
  client.identifies().news();
  gateway_session& session = *hub.find_sessions(100, 0, {}).front();
  session.source = std::make_shared<numbered_source>(2, keeps_replay);
  return session;
}

TEST_F(hub_behaviour, feed_without_replay_uses_sequences_and_cannot_be_replayed) {
  scripted_client client(hub, clock);
  gateway_session& session = fed_session(hub, client, false);
  EXPECT_THAT(client.ticks().news(true), ElementsAre("MESSAGE_CREATE#5", "MESSAGE_CREATE#6"));
  EXPECT_FALSE(session.ring.holds_all_after(5));
  EXPECT_TRUE(session.ring.holds_all_after(6));
}

TEST_F(hub_behaviour, feed_with_replay_can_be_resumed_in_its_middle) {
  scripted_client client(hub, clock);
  gateway_session& session = fed_session(hub, client, true);
  EXPECT_THAT(client.ticks().news(true), ElementsAre("MESSAGE_CREATE#5", "MESSAGE_CREATE#6"));
  EXPECT_EQ(session.source, nullptr);
  EXPECT_TRUE(session.ring.holds_all_after(4));
}

TEST_F(hub_behaviour, report_counts_what_happened) {
  scripted_client client(hub, clock);
  client.identifies();
  client.connection().server_close(4000, "");
  const json::object report = hub.report();
  EXPECT_EQ(report.at("identifies"), 1);
  EXPECT_EQ(report.at("close_codes_sent").at("4000"), 1);
  EXPECT_EQ(hub.sessions_json().at(0).at("sequence"), 4);
}

}  // namespace
}  // namespace guildfleet::sim
