#include "fleet/resume_check.hpp"

#include <gtest/gtest.h>

namespace guildfleet::fleet {
namespace {

const store::session_row stored{.session_id = "s", .intents = 0b1011, .token_fingerprint = "aaaa"};

TEST(resume_check, compares_what_the_session_was_identified_with) {
  struct row {
    const char* what;
    session_needs needs;
    resume_obstacle expected;
  };
  const row table[] = {
      {"the same", {.intents = 0b1011, .token_fingerprint = "aaaa"}, resume_obstacle::none},
      {"fewer intents", {.intents = 0b0001, .token_fingerprint = "aaaa"}, resume_obstacle::none},
      {"no intents", {.intents = 0, .token_fingerprint = "aaaa"}, resume_obstacle::none},
      {"one intent more", {.intents = 0b1111, .token_fingerprint = "aaaa"}, resume_obstacle::missing_intents},
      {"another intent", {.intents = 0b0100, .token_fingerprint = "aaaa"}, resume_obstacle::missing_intents},
      {"another token", {.intents = 0b1011, .token_fingerprint = "bbbb"}, resume_obstacle::other_token},
  };
  for (const row& each : table) {
    EXPECT_EQ(obstacle_to_resume(stored, each.needs), each.expected) << each.what;
    EXPECT_EQ(may_resume(stored, each.needs), each.expected == resume_obstacle::none) << each.what;
  }
}

TEST(resume_check, needs_a_session) {
  EXPECT_EQ(obstacle_to_resume({}, {}), resume_obstacle::no_session);
  EXPECT_EQ(name_of(resume_obstacle::no_session), "no session");
}

}  // namespace
}  // namespace guildfleet::fleet
