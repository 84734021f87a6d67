#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace guildfleet::base {
namespace {

struct utf8_case {
  std::string_view name;
  std::string_view text;
  std::size_t valid_prefix;
};

class utf8_cases : public testing::TestWithParam<utf8_case> {};

TEST_P(utf8_cases, valid_prefix) {
  EXPECT_EQ(utf8_valid_prefix(GetParam().text), GetParam().valid_prefix);
}

INSTANTIATE_TEST_SUITE_P(
    table, utf8_cases,
    testing::Values(utf8_case{"empty", "", 0}, utf8_case{"ascii", "abcdefghijk", 11},
                    utf8_case{"two_bytes", "\xC3\xA9", 2}, utf8_case{"three_bytes", "\xE6\x97\xA5", 3},
                    utf8_case{"four_bytes", "\xF0\x9F\x94\xA5", 4}, utf8_case{"overlong_two", "a\xC0\xAF", 1},
                    utf8_case{"overlong_three", "\xE0\x80\xAF", 0},
                    utf8_case{"overlong_four", "\xF0\x80\x80\xAF", 0},
                    utf8_case{"surrogate", "\xED\xA0\x80", 0},
                    utf8_case{"above_10ffff", "\xF4\x90\x80\x80", 0}, utf8_case{"cut_short", "ab\xE6\x97", 2},
                    utf8_case{"lone_continuation", "\x80", 0},
                    utf8_case{"bad_after_a_word", "abcdefgh\xFF", 8}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace guildfleet::base
