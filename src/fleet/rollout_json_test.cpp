#include "fleet/rollout_json.hpp"

#include <gmock/gmock.h>

#include "fleet/error.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;

rollout a_rollout() {
  rollout_wish asked{.bot = {"music \"bot\""}, .from = "1.0", .to = "2.0 ü"};
  asked.steps = {0.07, 0.29, 1.0 / 3, 1};
  asked.chosen = {{81'384'788'765'712'384}, {UINT64_MAX}};
  asked.started_by = "mika";
  rollout of = plan_rollout(asked, 4, base::wall_time(1'800'000'000'123ms)).value();
  of.salt = UINT64_MAX - 1;
  of.state = rollout_state::paused;
  of.paused_in = rollout_state::observing;
  of.step = 2;
  of.reason = "inconclusive: \"12\" of 500 events\n";
  of.attempt = 3;
  of.by_person = true;
  of.thresholds.failures.ratio = 1.7;
  of.thresholds.answer_time.by = 7ms;
  of.thresholds.memory.least_growth = 1'234'567'890'123;
  of.limits.capacity = 0.1 + 0.2;
  of.after = {{"test"}, {"small"}};
  return of;
}

TEST(rollout_json, comes_back_as_it_was) {
  const rollout of = a_rollout();
  const auto back = rollout_from_json(to_json(of));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(*back, of) << to_json(of) << '\n' << to_json(*back);
}

TEST(rollout_json, passes_over_what_it_does_not_know) {
  std::string text = to_json(a_rollout());
  text.insert(1, R"("news":{"a":[1,2]},)");
  EXPECT_EQ(rollout_from_json(text).value(), a_rollout());
}

TEST(rollout_json, what_is_missing_or_of_another_kind_has_its_default) {
  const auto read = rollout_from_json(
      R"({"bot":"b","from":"1","to":"2","strategy":"canary","steps":[1],"salt":"7","state":"moving",
          "limits":{"pause_ms":"soon"},"thresholds":{"least_events":3,"failures":{"ratio":1e999}}})");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->limits, rollout_limits{});
  EXPECT_EQ(read->thresholds.least_events, 3U);
  EXPECT_EQ(read->thresholds.failures, rate_tolerance{});
}

TEST(rollout_json, tells_what_it_cannot_read) {
  for (
      const std::string_view text : {
          "",
          "[]",
          "{",
          "{}",
          R"({"bot":"b","from":"1","to":"2","strategy":"magic","steps":[1],"salt":"7","state":"moving"})",
          R"({"bot":"b","from":"1","to":"2","strategy":"canary","steps":[1],"salt":"7","state":"gone"})",
          R"({"bot":"b","from":"1","to":"2","strategy":"canary","steps":["x"],"salt":"7","state":"moving"})",
          R"({"bot":"b","from":"1","to":"2","strategy":"canary","steps":[1],"chosen":[7],"salt":"7","state":"moving"})",
          R"({"bot":"b","from":"1","to":"2","strategy":"canary","steps":[1],"salt":"7","state":"paused"})",
          R"({"bot":"b","from":"1","to":"2","strategy":"canary","steps":[1],"salt":"7","state":"paused","paused_in":"done"})",
      }) {
    const auto read = rollout_from_json(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code(), fleet_error::rollout_text) << text;
  }
  const auto beyond = rollout_from_json(
      R"({"bot":"b","from":"1","to":"2","strategy":"canary","steps":[1],"salt":"7","state":"moving","step":1})");
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code(), fleet_error::rollout_settings);
}

TEST(thresholds, are_set_by_their_keys) {
  analysis_thresholds thresholds;
  EXPECT_TRUE(set_threshold(thresholds, "failures.by", 0.02));
  EXPECT_TRUE(set_threshold(thresholds, "least_events", 200));
  EXPECT_TRUE(set_threshold(thresholds, "memory.over_ms", 20'000));
  EXPECT_EQ(thresholds.failures.by, 0.02);
  EXPECT_EQ(thresholds.least_events, 200U);
  EXPECT_EQ(thresholds.memory.over, 20s);
}

TEST(thresholds, that_are_not_known_are_refused_with_the_list) {
  analysis_thresholds thresholds;
  for (const char* key : {"failure.by", "failures.", "failures", "", "."}) {
    const auto set = set_threshold(thresholds, key, 1);
    ASSERT_FALSE(set) << key;
    EXPECT_THAT(set.error().message(), testing::HasSubstr("failures.by")) << key;
  }
  EXPECT_FALSE(set_threshold(thresholds, "failures.by", -1));
  EXPECT_EQ(thresholds, analysis_thresholds());
}

}  // namespace
}  // namespace guildfleet::fleet
