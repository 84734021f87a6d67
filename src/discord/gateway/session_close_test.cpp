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

struct close_case {
  std::uint16_t code;
  const char* at_once;  // the actions without time passing
  const char* later;    // within a second after that
};

class gateway_close_codes : public testing::TestWithParam<close_case> {};

TEST_P(gateway_close_codes, are_answered_as_the_protocol_wants) {
  session_script s;
  s.go_live();
  s.closed(GetParam().code);
  EXPECT_EQ(s.actions(), GetParam().at_once);
  s.pass(1s);
  EXPECT_EQ(s.actions(), GetParam().later);
}

INSTANTIATE_TEST_SUITE_P(
    all, gateway_close_codes,
    testing::Values(close_case{0, resume_url, ""}, close_case{1000, resume_url, ""},
                    close_case{1001, resume_url, ""}, close_case{4000, resume_url, ""},
                    close_case{4001, "", resume_url}, close_case{4002, "", resume_url},
                    close_case{4003, "lost not authenticated", main_url},
                    close_case{4005, "lost already authenticated", main_url},
                    close_case{4007, "lost invalid sequence; connect wss://main/?v=10&encoding=json", ""},
                    close_case{4008, "", resume_url},
                    close_case{4009, "lost session timed out; connect wss://main/?v=10&encoding=json", ""},
                    close_case{4999, "", resume_url}),
    [](const auto& info) { return "code_" + std::to_string(info.param.code); });

TEST(gateway_session, is_fatally_closed_and_says_what_to_fix) {
  struct fatal_case {
    std::uint16_t code;
    const char* fix;
  };
  for (const auto& [code, fix] :
       {fatal_case{4004, "Check the bot's token"}, fatal_case{4010, "Set shards to auto"},
        fatal_case{4011, "Raise the shard count"}, fatal_case{4012, "update guildfleet"},
        fatal_case{4013, "513"}, fatal_case{4014, "Privileged Gateway Intents"}}) {
    session_script s;
    s.go_live();
    s.closed(code);
    EXPECT_THAT(s.actions(), HasSubstr(fmt::format("fatal {}", code)));
    EXPECT_THAT(s.fatal_text, AllOf(HasSubstr(fix), Not(HasSubstr("the-token")))) << code;
    EXPECT_EQ(s.machine.state(), session_state::failed);
    s.machine.start(s.now());
    s.machine.stop(true, s.now());
    s.pass(1h);
    EXPECT_EQ(s.actions(), "") << code;
  }
}

TEST(gateway_session, names_the_privileged_intents_it_asked_for) {
  auto settings = script_settings();
  settings.intents = intent_set(intent::guilds) | intent::guild_members | intent::message_content;
  session_script s(settings);
  s.go_live();
  s.closed(4014);
  (void)s.actions();
  EXPECT_THAT(s.fatal_text,
              AllOf(HasSubstr("Server Members Intent (GUILD_MEMBERS)"),
                    HasSubstr("Message Content Intent (MESSAGE_CONTENT)"), Not(HasSubstr("Presence")),
                    HasSubstr("https://discord.com/developers/applications")));
}

TEST(gateway_session, identifies_anew_when_a_resume_is_answered_with_1000) {
  session_script s(script_settings(), resume_point{"abc", "wss://back", 3});
  s.go_to_hello();
  (void)s.actions();
  s.closed(1000);
  EXPECT_EQ(s.actions(), "lost normal closure");
  s.pass(1s);
  EXPECT_EQ(s.actions(), main_url);
}

TEST(gateway_session, takes_a_close_as_the_answer_to_its_identify) {
  session_script s;
  s.go_identifying();
  (void)s.actions();
  s.closed(4000);
  EXPECT_THAT(s.actions(), StartsWith("answered"));
  session_script answered_before;
  answered_before.go_live();
  answered_before.closed(4000);
  EXPECT_THAT(answered_before.actions(), Not(HasSubstr("answered")));
}

TEST(gateway_session, gives_a_session_up_after_resumes_that_come_to_nothing) {
  auto settings = script_settings();
  settings.resume_attempts = 2;
  session_script s(settings, resume_point{"abc", "wss://back", 3});
  s.machine.start(s.now());
  for (int i = 0; i < 2; ++i) {
    s.connected();
    (void)s.hello(600'000);
    (void)s.actions();
    s.pass(61s);
  }
  EXPECT_THAT(s.actions(), StartsWith("lost resuming failed too often; close 4900 no answer to RESUME"));
}

TEST(gateway_session, trips_the_breaker_when_discord_refuses_our_messages_again_and_again) {
  session_script s;
  s.go_live();
  for (int i = 0; i < 4; ++i) {
    s.closed(4002);
    s.pass(2s);
    EXPECT_EQ(s.actions(), resume_url) << i;
    s.resume_live(2 + i);
  }
  s.closed(4001);
  EXPECT_THAT(s.actions(), HasSubstr("fatal 4001"));
  EXPECT_THAT(s.fatal_text, HasSubstr("report"));
}

TEST(gateway_session, forgives_client_errors_that_are_far_apart) {
  session_script s;
  s.answers_heartbeats = true;
  s.go_live();
  for (int i = 0; i < 12; ++i) {
    s.closed(4002);
    s.pass(1s);
    EXPECT_THAT(s.actions(), HasSubstr(resume_url)) << i;
    s.resume_live(2 + i);
    s.pass(180s);
    (void)s.actions();
  }
}

}  // namespace
}  // namespace guildfleet::discord
