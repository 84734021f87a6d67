#include "features/moderation/mod_case.hpp"

#include <gtest/gtest.h>

namespace guildfleet::features {
namespace {

using namespace std::chrono_literals;

mod_case example() {
  return {.number = 12,
          .action = mod_action::ban,
          .member = {18'446'744'073'709'551'615U},
          .moderator = {6},
          .channel = {},
          .at = base::wall_time(1'700'000'000'123ms),
          .until = base::wall_time(1'800'000'000'000ms),
          .reason = "\"spam\"\n@everyone \u30d0\u30ab",
          .ended = 3,
          .purged = 4,
          .confirmed = true,
          .earlier = {{"first", {7}, base::wall_time(5ms), {70}}}};
}

TEST(mod_case, is_read_as_it_was_written) {
  EXPECT_EQ(parse_case(to_json(example())), example());
  EXPECT_EQ(parse_case(to_json({.number = 1, .action = mod_action::purge, .channel = {9}})),
            (mod_case{.number = 1, .action = mod_action::purge, .channel = {9}}));
}

TEST(mod_case, of_another_kind_is_none) {
  for (const char* text : {"", "{}", "[]", "{", R"({"number":1,"action":"hug"})",
                           R"({"number":0,"action":"ban"})", R"({"number":"1","action":"ban"})"})
    EXPECT_FALSE(parse_case(text)) << text;
}

TEST(mod_case, keeps_the_latest_reasons_that_it_had) {
  mod_case one = example();
  for (std::uint64_t i = 0; i < 30; ++i)
    EXPECT_TRUE(replace_reason(one, {std::to_string(i), {8}, base::wall_time(9ms), {100 + i}}));
  EXPECT_EQ(one.reason, "29");
  EXPECT_EQ(one.earlier.size(), most_reasons);
  EXPECT_EQ(one.earlier.back().reason, "28");
}

TEST(mod_case, a_change_of_reason_that_comes_again_leaves_a_later_one) {
  mod_case one = example();
  EXPECT_TRUE(replace_reason(one, {"second", {8}, base::wall_time(9ms), {100}}));
  EXPECT_TRUE(replace_reason(one, {"third", {8}, base::wall_time(9ms), {101}}));
  const auto stored = parse_case(to_json(one));
  ASSERT_TRUE(stored);
  mod_case read = *stored;
  EXPECT_FALSE(replace_reason(read, {"second", {8}, base::wall_time(10ms), {100}}));
  EXPECT_EQ(read, one);
}

}  // namespace
}  // namespace guildfleet::features
