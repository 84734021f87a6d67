#include "features/automod/offence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/utf8.hpp"
#include "features/message_template.hpp"

namespace guildfleet::features {
namespace {

using automod_rules::penalty;
using automod_rules::rule;
using testing::HasSubstr;
using testing::SizeIs;

offence of_member(std::uint64_t member, std::string detail) {
  return {.rules = {},
          .judged = {.broken = rule::links, .what = penalty::remove, .detail = std::move(detail)},
          .member = {1'000'000'000'000'000'000U + member},
          .roles = {},
          .channel = {1'000'000'000'000'000'001U}};
}

TEST(offence, again_and_again_is_one_line_with_a_number) {
  const auto log = log_of({of_member(1, "a.b"), of_member(2, ""), of_member(1, "a.b")}, 7, language::english);
  ASSERT_THAT(log, SizeIs(1));
  EXPECT_THAT(log[0], HasSubstr("deleted (Links): a\\.b ×2\n"));
  EXPECT_THAT(log[0], HasSubstr("... and 7 more."));
  EXPECT_THAT(log_of({}, 0, language::english), SizeIs(0));
}

TEST(offence, a_log_of_many_loses_no_line_to_discords_limit) {
  for (const language in : {language::english, language::japanese}) {
    std::vector<offence> many;
    for (std::uint64_t i = 0; i < 200; ++i) many.push_back(of_member(i, std::string(100, '.')));
    std::string all;
    for (const std::string& each : log_of(many, 0, in)) {
      EXPECT_LE(base::utf8_length(each), longest_content);
      all += each;
    }
    EXPECT_EQ(std::ranges::count(all, '\n'), 200);
  }
}

}  // namespace
}  // namespace guildfleet::features
