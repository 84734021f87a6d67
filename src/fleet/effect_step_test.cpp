#include "fleet/effect_step.hpp"

#include <gtest/gtest.h>
#include <set>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;

struct step_case {
  std::string name;
  store::announced_effect announced;
  bool has_nonce;
  effect_step expected;
};

class effect_steps : public testing::TestWithParam<step_case> {};

TEST_P(effect_steps, follow_from_what_is_known) {
  EXPECT_EQ(next_step(GetParam().announced, GetParam().has_nonce), GetParam().expected);
}

store::announced_effect again(std::chrono::milliseconds ago, std::string outcome = {}) {
  return {.first = false, .ago = ago, .outcome = std::move(outcome)};
}

INSTANTIATE_TEST_SUITE_P(
    all, effect_steps,
    testing::Values(
        step_case{"a_new_one_is_performed", {}, false, effect_step::perform},
        step_case{"a_new_message_is_performed", {}, true, effect_step::perform},
        step_case{"a_known_one_is_left", again(1s, "12"), false, effect_step::known},
        step_case{"a_known_message_is_left_at_any_age", again(24h, "12"), true, effect_step::known},
        step_case{"a_recent_message_is_repeated_under_its_nonce", again(119s), true, effect_step::perform},
        step_case{"an_older_message_is_looked_for", again(120s), true, effect_step::look_first},
        step_case{"anything_else_is_looked_for_at_once", again(0s), false, effect_step::look_first}),
    [](const auto& info) { return info.param.name; });

TEST(effect_nonce, is_the_same_for_the_same_effect_and_fits_discord) {
  const store::effect_key key{{{"music"}, {0, 1}}, "session", 7, "greet/1"};
  EXPECT_EQ(nonce_of(key), nonce_of(key));
  EXPECT_EQ(nonce_of(key).size(), 24U);
}

TEST(effect_nonce, differs_by_each_part_of_the_key) {
  const store::effect_key key{{{"music"}, {0, 1}}, "session", 7, "greet/1"};
  std::set<std::string> nonces{nonce_of(key)};
  store::effect_key other = key;
  other.shard.bot.value = "game";
  nonces.insert(nonce_of(other));
  other = key;
  other.shard.shard = {1, 2};
  nonces.insert(nonce_of(other));
  other = key;
  other.origin = "another";
  nonces.insert(nonce_of(other));
  other = key;
  other.sequence = 8;
  nonces.insert(nonce_of(other));
  other = key;
  other.action = "greet/2";
  nonces.insert(nonce_of(other));
  EXPECT_EQ(nonces.size(), 6U);
}

}  // namespace
}  // namespace guildfleet::fleet
