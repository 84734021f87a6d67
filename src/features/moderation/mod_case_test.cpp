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
          .of_case = 3,
          .confirmed = true,
          .earlier = {{"first", {7}, base::wall_time(5ms)}}};
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
  for (int i = 0; i < 30; ++i) replace_reason(one, std::to_string(i), {8}, base::wall_time(9ms));
  EXPECT_EQ(one.reason, "29");
  EXPECT_EQ(one.earlier.size(), most_reasons);
  EXPECT_EQ(one.earlier.back().reason, "28");
}

}  // namespace
}  // namespace guildfleet::features
