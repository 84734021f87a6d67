#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/gateway/session_script.hpp"

namespace guildfleet::discord {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

int count(const std::string& text, std::string_view part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(gateway_heartbeat, beats_first_within_one_interval_and_then_at_every_interval) {
  session_script s;
  s.answers_heartbeats = true;
  s.go_live();
  s.pass(40s);
  EXPECT_EQ(s.actions(), R"(send {"op":1,"d":1})");
  s.pass(400s);
  EXPECT_EQ(count(s.actions(), R"({"op":1)"), 10);
}

TEST(gateway_heartbeat, carries_the_last_sequence) {
  session_script s;
  s.answers_heartbeats = true;
  s.go_live();
  (void)s.event(17);
  (void)s.receive(R"({"t":"X","s":null,"op":0,"d":{}})");
  s.pass(40s);
  EXPECT_EQ(s.actions(), R"(send {"op":1,"d":17})");
}

TEST(gateway_heartbeat, without_an_answer_ends_the_connection_and_resumes) {
  session_script s;
  s.go_live();
  s.pass(80s);
  EXPECT_EQ(
      s.actions(),
      R"(send {"op":1,"d":1}; close 4900 heartbeat not acknowledged; connect wss://back/?v=10&encoding=json)");
}

TEST(gateway_heartbeat, asked_for_by_the_server_is_sent_at_once_and_leaves_the_timer) {
  session_script s;
  s.go_live();
  const auto due = s.machine.next_wakeup();
  EXPECT_EQ(s.receive(R"({"t":null,"s":null,"op":1,"d":null})"), session_machine::verdict::handled);
  EXPECT_EQ(s.actions(), R"(send {"op":1,"d":1})");
  EXPECT_EQ(s.machine.next_wakeup(), due);
}

TEST(gateway_heartbeat, asked_for_by_the_server_needs_no_answer_before_the_next_one) {
  session_script s;
  s.go_live();
  (void)s.receive(R"({"op":1,"d":null})");
  s.pass(40s);
  EXPECT_EQ(s.actions(), R"(send {"op":1,"d":1}; send {"op":1,"d":1})");
}

TEST(gateway_heartbeat, measures_the_latency) {
  session_script s;
  s.go_live();
  EXPECT_FALSE(s.machine.latency().has_value());
  (void)s.receive(R"({"op":1,"d":null})");
  s.pass(25ms);
  s.ack();
  EXPECT_EQ(s.machine.latency(), std::chrono::nanoseconds(25ms));
}

TEST(gateway_heartbeat, jitters_differ_between_sessions) {
  base::random_source random(1);
  session_machine a(script_settings(), {}, random);
  session_machine b(script_settings(), {}, random);
  const base::manual_clock clock;
  std::vector<base::steady_time> due;
  for (session_machine* const machine : {&a, &b}) {
    machine->start(clock.steady_now());
    machine->on_connected(clock.steady_now());
    const std::string text =
        R"({"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}})" + std::string(64, ' ');
    const auto hello = read_envelope(std::string_view(text).substr(0, text.size() - 64));
    ASSERT_TRUE(hello.has_value());
    EXPECT_EQ(machine->on_message(*hello, clock.steady_now()), session_machine::verdict::handled);
    due.push_back(machine->next_wakeup());
  }
  EXPECT_NE(due[0], due[1]);
  EXPECT_LT(due[0], clock.steady_now() + 41'250ms);
}

TEST(gateway_send, keeps_messages_until_the_session_is_live) {
  session_script s;
  s.machine.start(s.now());
  ASSERT_TRUE(s.machine.send(R"({"op":3})", s.now()).has_value());
  s.connected();
  (void)s.hello();
  s.machine.on_identify_granted(s.now());
  EXPECT_EQ(count(s.actions(), R"({"op":3})"), 0);
  (void)s.ready();
  EXPECT_THAT(s.actions(), HasSubstr(R"(send {"op":3})"));
}

TEST(gateway_send, identifies_on_a_new_connection_when_requested_heartbeats_used_up_the_budget) {
  session_script s;
  s.machine.start(s.now());
  s.connected();
  (void)s.hello();
  (void)s.actions();
  for (int i = 0; i < 200; ++i) (void)s.receive(R"({"t":null,"s":null,"op":1,"d":null})");
  EXPECT_EQ(count(s.actions(), R"({"op":1)"), 120);
  s.machine.on_identify_granted(s.now());
  const std::string done = s.actions();
  EXPECT_EQ(count(done, R"({"op":2)"), 0);
  EXPECT_THAT(done, HasSubstr("close 4900 send budget used up"));
}

TEST(gateway_send, leaves_room_for_heartbeats_within_the_budget_of_a_minute) {
  session_script s;
  s.answers_heartbeats = true;
  s.go_live();
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(s.machine.send(R"({"op":3})", s.now()).has_value());
  // 120 less 2 * 2 + 1 for heartbeats less the Identify that was sent.
  EXPECT_EQ(count(s.actions(), R"({"op":3})"), 114);
  s.pass(59s);
  EXPECT_EQ(count(s.actions(), R"({"op":3})"), 0);
  s.pass(2s);
  EXPECT_EQ(count(s.actions(), R"({"op":3})"), 86);
}

TEST(gateway_send, refuses_what_discord_would_refuse) {
  session_script s;
  s.go_live();
  EXPECT_TRUE(s.machine.send(std::string(4096, 'x'), s.now()).has_value());
  const auto refused = s.machine.send(std::string(4097, 'x'), s.now());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), gateway_error::payload_too_large);
}

TEST(gateway_send, bounds_its_queue) {
  auto settings = script_settings();
  settings.send_queue_limit = 2;
  session_script s(settings);
  s.machine.start(s.now());
  EXPECT_TRUE(s.machine.send("{}", s.now()).has_value());
  EXPECT_TRUE(s.machine.send("{}", s.now()).has_value());
  const auto refused = s.machine.send("{}", s.now());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), gateway_error::send_queue_full);
  EXPECT_EQ(s.machine.send_queue_depth(), 2U);
}

TEST(send_budget, reserves_two_rounds_of_heartbeats_and_one) {
  EXPECT_EQ(heartbeats_to_reserve(41'250ms), 5U);
  EXPECT_EQ(heartbeats_to_reserve(60'000ms), 3U);
  EXPECT_EQ(heartbeats_to_reserve(30'000ms), 5U);
  EXPECT_EQ(heartbeats_to_reserve(10ms), 100U);
}

TEST(send_budget, slides_with_each_send_that_leaves_the_window) {
  send_budget budget;
  const base::manual_clock clock;
  const auto start = clock.steady_now();
  for (int i = 0; i < 120; ++i) {
    ASSERT_TRUE(budget.allows(send_kind::ordinary, start + i * 100ms));
    budget.record(start + i * 100ms);
  }
  EXPECT_FALSE(budget.allows(send_kind::heartbeat, start + 59'999ms));
  EXPECT_EQ(budget.allowed_at(send_kind::ordinary, start + 12s), start + 60s);
  EXPECT_TRUE(budget.allows(send_kind::ordinary, start + 60s));
  budget.record(start + 60s);
  EXPECT_EQ(budget.allowed_at(send_kind::ordinary, start + 60s), start + 60'100ms);
}

TEST(circuit_breaker, trips_at_the_fifth_event_within_ten_minutes) {
  circuit_breaker breaker;
  const base::steady_time start{1h};
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(breaker.record(start + i * 2min));
  EXPECT_FALSE(breaker.record(start + 10min));
  EXPECT_TRUE(breaker.record(start + 11min));
}

}  // namespace
}  // namespace guildfleet::discord
