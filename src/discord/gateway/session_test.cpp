#include "discord/gateway/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/gateway/session_script.hpp"

namespace guildfleet::discord {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using verdict = session_machine::verdict;

constexpr const char* resume_after_1 =
    R"(send {"op":6,"d":{"token":"the-token","session_id":"abc","seq":1}})";

resume_point stored(std::uint64_t sequence = 7) {
  return {"abc", "wss://back", sequence};
}

TEST(gateway_session, builds_the_connect_address) {
  const auto none = compression::none;
  EXPECT_EQ(gateway_connect_url("wss://h", none), "wss://h/?v=10&encoding=json");
  EXPECT_EQ(gateway_connect_url("wss://h/", none), "wss://h/?v=10&encoding=json");
  EXPECT_EQ(gateway_connect_url("ws://127.0.0.1:80/gw?x=1", none), "ws://127.0.0.1:80/gw?v=10&encoding=json");
  EXPECT_EQ(gateway_connect_url("wss://h?v=9", compression::zstd_stream),
            "wss://h/?v=10&encoding=json&compress=zstd-stream");
  EXPECT_EQ(gateway_connect_url("wss://h", compression::zlib_stream),
            "wss://h/?v=10&encoding=json&compress=zlib-stream");
}

TEST(gateway_session, identifies_only_after_the_gate_opened) {
  session_script s;
  s.machine.start(s.now());
  EXPECT_EQ(s.actions(), main_url);
  s.connected();
  EXPECT_EQ(s.actions(), "");
  EXPECT_EQ(s.hello(), verdict::handled);
  EXPECT_EQ(s.actions(), "ask gate");
  s.machine.on_identify_granted(s.now());
  EXPECT_EQ(s.actions(),
            R"(send {"op":2,"d":{"token":"the-token","intents":513,"shard":[1,4],"properties":{"os":"linux",)"
            R"("browser":"guildfleet","device":"guildfleet"}}})");
  EXPECT_EQ(s.machine.state(), session_state::identifying);
  EXPECT_EQ(s.ready(), verdict::dispatch);
  EXPECT_EQ(s.actions(), "answered; started abc wss://back self 11 app 12 guilds 1");
  EXPECT_EQ(s.machine.state(), session_state::live);
  EXPECT_EQ(s.machine.last_sequence(), 1U);
}

TEST(gateway_session, puts_the_presence_into_identify_unless_it_is_too_long) {
  auto settings = script_settings();
  settings.presence_json = R"({"status":"idle"})";
  session_script s(settings);
  s.go_identifying();
  EXPECT_THAT(s.actions(), HasSubstr(R"(,"presence":{"status":"idle"}}})"));

  settings.presence_json = '"' + std::string(5000, 'x') + '"';
  session_script t(settings);
  t.go_identifying();
  EXPECT_THAT(t.actions(), AllOf(HasSubstr("the-token"), Not(HasSubstr("presence"))));
}

TEST(gateway_session, resumes_from_the_ledger_without_asking_the_gate) {
  session_script s(script_settings(), stored(7));
  s.machine.start(s.now());
  EXPECT_EQ(s.actions(), resume_url);
  s.connected();
  (void)s.hello();
  EXPECT_EQ(s.actions(), R"(send {"op":6,"d":{"token":"the-token","session_id":"abc","seq":7}})");
  EXPECT_EQ(s.event(8, "MESSAGE_CREATE"), verdict::dispatch);
  EXPECT_EQ(s.machine.state(), session_state::resuming);
  EXPECT_EQ(s.event(9, "RESUMED"), verdict::dispatch);
  EXPECT_EQ(s.actions(), "resumed");
  EXPECT_EQ(s.machine.state(), session_state::live);
  EXPECT_EQ(s.machine.current_resume_point()->sequence, 9U);
}

TEST(gateway_session, connects_ahead_and_resumes_from_where_the_other_ended) {
  session_script s(script_settings(), resume_point{"abc", "wss://back", 7});
  s.machine.start_ahead(s.now());
  EXPECT_EQ(s.actions(), resume_url);
  s.machine.on_connected(s.now());
  (void)s.hello();
  EXPECT_EQ(s.actions(), "") << "the session is still another's";
  EXPECT_EQ(s.machine.state(), session_state::standing_by);
  s.machine.resume_from({"abc", "wss://back", 12}, s.now());
  EXPECT_EQ(s.actions(), R"(send {"op":6,"d":{"token":"the-token","session_id":"abc","seq":12}})");
}

TEST(gateway_session, that_is_to_resume_before_it_is_connected_does_so_at_hello) {
  session_script s(script_settings(), resume_point{"abc", "wss://back", 7});
  s.machine.start_ahead(s.now());
  s.machine.resume_from({"abc", "wss://back", 12}, s.now());
  EXPECT_EQ(s.actions(), resume_url);
  s.machine.on_connected(s.now());
  (void)s.hello();
  EXPECT_EQ(s.actions(), R"(send {"op":6,"d":{"token":"the-token","session_id":"abc","seq":12}})");
}

TEST(gateway_session, connected_ahead_leaves_as_it_came) {
  session_script s(script_settings(), resume_point{"abc", "wss://back", 7});
  s.machine.start_ahead(s.now());
  s.machine.on_connected(s.now());
  (void)s.hello();
  (void)s.actions();
  s.machine.stop(true, s.now());
  EXPECT_THAT(s.actions(), StartsWith("close 4"));
  EXPECT_TRUE(s.machine.is_over());
  s.machine.resume_from({"abc", "wss://back", 12}, s.now());
  EXPECT_EQ(s.actions(), "") << "it does not come back";
}

TEST(gateway_session, falls_back_to_the_main_address_when_the_resume_address_is_dead) {
  session_script s(script_settings(), stored());
  s.machine.start(s.now());
  (void)s.actions();
  s.machine.on_connect_failed(s.now(), "refused");
  EXPECT_EQ(s.actions(), main_url);
  s.connected();
  (void)s.hello();
  EXPECT_THAT(s.actions(), StartsWith(R"(send {"op":6)"));
}

TEST(gateway_session, reconnects_at_once_after_the_reconnect_opcode) {
  session_script s;
  s.go_live();
  const auto before = s.now();
  EXPECT_EQ(s.receive(R"({"t":null,"s":null,"op":7,"d":null})"), verdict::handled);
  EXPECT_EQ(s.actions(), std::string("close 4900 asked to reconnect; ") + resume_url);
  s.connected();
  (void)s.hello();
  EXPECT_EQ(s.actions(), resume_after_1);
  EXPECT_EQ(s.now(), before);
}

TEST(gateway_session, bears_the_reconnect_opcode_before_hello) {
  session_script s;
  s.machine.start(s.now());
  s.connected();
  (void)s.actions();
  (void)s.receive(R"({"op":7,"d":null})");
  EXPECT_EQ(s.actions(), "close 4900 asked to reconnect");
  s.pass(1s);
  EXPECT_EQ(s.actions(), main_url);
}

TEST(gateway_session, bounds_quick_reconnects) {
  auto settings = script_settings();
  settings.quick_reconnects_per_minute = 3;
  session_script s(settings);
  s.go_live();
  for (int i = 0; i < 3; ++i) {
    (void)s.receive(R"({"op":7,"d":null})");
    EXPECT_THAT(s.actions(), HasSubstr(resume_url));
    s.resume_live(2 + i);
  }
  (void)s.receive(R"({"op":7,"d":null})");
  EXPECT_EQ(s.actions(), "close 4900 asked to reconnect");
  s.pass(1s);
  EXPECT_EQ(s.actions(), resume_url);
}

TEST(gateway_session, forgets_the_session_when_it_is_invalid_and_pauses_a_while) {
  session_script s;
  s.go_live();
  (void)s.receive(R"({"t":null,"s":null,"op":9,"d":false})");
  EXPECT_EQ(s.actions(), "lost invalid session; close 4900 invalid session");
  EXPECT_FALSE(s.machine.current_resume_point().has_value());
  s.pass(999ms);
  EXPECT_EQ(s.actions(), "");
  s.pass(4001ms);
  EXPECT_EQ(s.actions(), main_url);
}

TEST(gateway_session, keeps_a_session_that_is_called_resumable_but_not_for_ever) {
  auto settings = script_settings();
  settings.resume_attempts = 3;
  session_script s(settings);
  s.go_live();
  for (int i = 0; i < 2; ++i) {
    (void)s.receive(R"({"op":9,"d":true})");
    EXPECT_EQ(s.actions(), "close 4900 invalid session");
    s.pass(5s);
    EXPECT_EQ(s.actions(), resume_url);
    s.connected();
    (void)s.hello();
    EXPECT_EQ(s.actions(), resume_after_1);
  }
  (void)s.receive(R"({"op":9,"d":true})");
  EXPECT_THAT(s.actions(), StartsWith("lost "));
}

TEST(gateway_session, asks_the_gate_again_when_identify_came_too_early) {
  session_script s;
  s.go_identifying();
  (void)s.actions();
  (void)s.receive(R"({"op":9,"d":false})");
  s.pass(5s);
  s.connected();
  (void)s.hello();
  EXPECT_EQ(s.actions(), std::string("answered; close 4900 invalid session; ") + main_url + "; ask gate");
}

TEST(gateway_session, leaves_the_gate_when_the_connection_goes) {
  session_script s;
  s.go_to_hello();
  (void)s.actions();
  s.closed(0);
  EXPECT_EQ(s.actions(), "leave gate");
  s.machine.on_identify_granted(s.now());
  EXPECT_EQ(s.actions(), "");
}

TEST(gateway_session, backs_off_with_jitter_while_the_gateway_cannot_be_reached) {
  session_script s;
  s.machine.start(s.now());
  (void)s.actions();
  for (const auto step : {1000ms, 2000ms, 4000ms, 8000ms, 16'000ms, 32'000ms, 60'000ms, 60'000ms}) {
    s.machine.on_connect_failed(s.now(), "refused");
    s.pass(step / 2 - 1ms);
    EXPECT_EQ(s.actions(), "") << step.count();
    s.pass(step / 2 + 2ms);
    EXPECT_EQ(s.actions(), main_url) << step.count();
  }
}

TEST(gateway_session, gives_up_a_connection_without_hello) {
  session_script s;
  s.machine.start(s.now());
  s.connected();
  (void)s.actions();
  s.pass(20s);
  EXPECT_EQ(s.actions(), "close 4900 no Hello");
}

TEST(gateway_session, gives_up_an_attempt_to_connect_that_hangs) {
  session_script s;
  s.machine.start(s.now());
  (void)s.actions();
  s.pass(20s);
  EXPECT_EQ(s.actions(), "close 4900 timed out");
  s.pass(1s);
  EXPECT_EQ(s.actions(), main_url);
}

TEST(gateway_session, waits_for_a_late_ready_and_keeps_heartbeating) {
  session_script s;
  s.answers_heartbeats = true;
  s.go_identifying();
  (void)s.actions();
  s.pass(240s);
  const std::string sent = s.actions();
  EXPECT_THAT(sent,
              AllOf(HasSubstr(R"({"op":1,"d":null})"), Not(HasSubstr("close")), Not(HasSubstr("gate"))));
  EXPECT_EQ(s.ready(), verdict::dispatch);
  EXPECT_EQ(s.machine.state(), session_state::live);
}

TEST(gateway_session, reconnects_on_garbage) {
  session_script s;
  s.go_live();
  EXPECT_EQ(s.receive("{]"), verdict::malformed);
  EXPECT_EQ(s.actions(), std::string("close 4900 unreadable message; ") + resume_url);
}

TEST(gateway_session, does_not_accept_a_ready_without_its_session) {
  session_script s;
  s.go_identifying();
  (void)s.actions();
  EXPECT_EQ(s.receive(R"({"t":"READY","s":1,"op":0,"d":{"session_id":"x"}})"), verdict::malformed);
  EXPECT_THAT(s.actions(), StartsWith("close 4900"));
}

TEST(gateway_session, reads_an_unknown_opcode_as_news_it_need_not_understand) {
  session_script s;
  s.go_live();
  EXPECT_EQ(s.receive(R"({"op":77,"d":{"x":[1]}})"), verdict::handled);
  EXPECT_EQ(s.actions(), "");
}

TEST(gateway_session, reconnects_a_shard_that_fell_silent) {
  session_script s;
  s.answers_heartbeats = true;
  s.go_live();
  for (int i = 0; i < 10; ++i) (void)s.event(2 + i);
  s.pass(599s);
  EXPECT_THAT(s.actions(), Not(HasSubstr("close")));
  s.pass(1s);
  EXPECT_THAT(s.actions(), HasSubstr("close 4900 silent shard; connect wss://back"));
}

TEST(gateway_session, does_not_suspect_a_shard_that_was_always_quiet) {
  session_script s;
  s.answers_heartbeats = true;
  s.go_live();
  for (int i = 0; i < 3; ++i) (void)s.event(2 + i);
  s.pass(3600s);
  EXPECT_THAT(s.actions(), Not(HasSubstr("close")));
}

TEST(gateway_session, stops_keeping_the_session_for_a_successor) {
  session_script s;
  s.go_live();
  (void)s.event(5);
  s.machine.stop(true, s.now());
  EXPECT_EQ(s.actions(), "close 4900 handing over");
  EXPECT_EQ(s.machine.current_resume_point()->sequence, 5U);
  s.pass(1h);
  EXPECT_EQ(s.actions(), "");
  EXPECT_FALSE(s.machine.send("{}", s.now()).has_value());
}

TEST(gateway_session, stops_ending_the_session) {
  session_script s;
  s.go_live();
  s.machine.stop(false, s.now());
  EXPECT_EQ(s.actions(), "close 1000 going offline");
  EXPECT_FALSE(s.machine.current_resume_point().has_value());
}

}  // namespace
}  // namespace guildfleet::discord
