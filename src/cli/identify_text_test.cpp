#include "cli/identify_text.hpp"

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace guildfleet::cli {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

shown_identifies example() {
  shown_identifies shown{.bot = {"music"}, .shard_count = 4};
  shown.history.budget = store::known_budget{
      {.total = 1'000, .remaining = 300, .max_concurrency = 2, .reset_after = 1h}, 60s, 120};
  for (const auto& [index, ago] :
       {std::pair(1U, 2'000ms), std::pair(1U, 9'000ms), std::pair(0U, 7'200'000ms)})
    store::count_identify(shown.history, {index, 4}, ago);
  shown.permissions = {{"enough", "ann@host", 7'200'000, 7'200'000}, {"disk lost", "ben@host", 0, 3'600'000}};
  return shown;
}

TEST(identify_text, puts_shards_that_used_most_first) {
  EXPECT_THAT(uses_of(example().history), ElementsAre(shard_use{{1, 4}, 2, 2}, shard_use{{0, 4}, 0, 1}));
}

TEST(identify_text, tells_which_buckets_are_busy) {
  EXPECT_THAT(busy_buckets(example().history, 5s), ElementsAre(1U));
  EXPECT_THAT(busy_buckets(example().history, 1s), ElementsAre());
}

TEST(identify_text, prints_what_is_left_who_used_it_and_who_allowed_it) {
  std::ostringstream out;
  print_identifies(example(), {out, out});
  EXPECT_THAT(out.str(),
              HasSubstr("180 of 1000 left, 200 kept back; Discord was asked 1m 00s ago, 120 used since"));
  EXPECT_THAT(out.str(), HasSubstr("renewed in 59m 00s"));
  EXPECT_THAT(out.str(), HasSubstr("2 buckets, 1 of them busy"));
  EXPECT_THAT(out.str(), HasSubstr("used: 2 in the last hour, 3 in a day"));
  EXPECT_THAT(out.str(), HasSubstr("taken back by ann@host: enough"));
  EXPECT_THAT(out.str(), HasSubstr("by ben@host: disk lost"));
}

TEST(identify_text, is_the_same_for_machines) {
  const std::string text = boost::json::serialize(identifies_json(example()));
  EXPECT_THAT(text, HasSubstr(R"("total":1000,"remaining":180,"floor":200)"));
  EXPECT_THAT(text, HasSubstr(R"("busy_buckets":[1])"));
  EXPECT_THAT(text, HasSubstr(R"({"shard":[1,4],"last_hour":2,"last_day":2})"));
  EXPECT_THAT(text, HasSubstr(R"("allowed":null)"));
}

TEST(identify_text, says_that_nobody_has_asked_yet) {
  std::ostringstream out;
  print_identifies({.bot = {"music"}}, {out, out});
  EXPECT_THAT(out.str(), HasSubstr("no node has asked Discord yet"));
}

}  // namespace
}  // namespace guildfleet::cli
