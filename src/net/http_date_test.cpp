#include "net/http_date.hpp"

#include <gtest/gtest.h>

namespace guildfleet::net {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

constexpr base::wall_time now = sys_days(2026y / 11 / 28) + 10h;
constexpr std::chrono::sys_seconds example = sys_days(1994y / 11 / 6) + 8h + 49min + 37s;

TEST(http_date, is_read_in_all_three_forms) {
  for (const char* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    EXPECT_EQ(parse_http_date(text, now), example) << text;
  EXPECT_EQ(parse_http_date("Wed Nov 16 08:49:37 1994", now), sys_days(1994y / 11 / 16) + 8h + 49min + 37s);
}

TEST(http_date, takes_a_leap_day_and_a_leap_second) {
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 23:59:60 GMT", now), sys_days(2024y / 3 / 1));
}

TEST(http_date, of_two_digits_lies_at_most_fifty_years_ahead) {
  struct row {
    const char* year;
    int meant;
  };
  for (const row& each :
       {row{"26", 2026}, row{"76", 2076}, row{"77", 1977}, row{"99", 1999}, row{"00", 2000}}) {
    const auto found = parse_http_date("Monday, 01-Jan-" + std::string(each.year) + " 00:00:00 GMT", now);
    EXPECT_EQ(found, sys_days(std::chrono::year(each.meant) / 1 / 1)) << each.year;
  }
}

TEST(http_date, refuses_everything_else) {
  for (const char* text :
       {"", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Xyz, 06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
        "784111777"})
    EXPECT_EQ(parse_http_date(text, now), std::nullopt) << text;
}

TEST(http_date, is_written_as_it_is_read) {
  EXPECT_EQ(http_date(example), "Sun, 06 Nov 1994 08:49:37 GMT");
  for (int i = 0; i < 2'000; ++i) {
    const std::chrono::sys_seconds time = example + std::chrono::seconds(i) * 86'399 * 7;
    EXPECT_EQ(parse_http_date(http_date(time), now), time);
  }
}

TEST(clock_bounds, hold_the_truth_whatever_part_of_the_time_the_way_took) {
  // A server that is 5 s ahead, asked at every part of a second, with slow ways there and back.
  for (const auto there : {0ms, 300ms, 900ms}) {
    for (const auto back : {0ms, 50ms, 800ms}) {
      for (auto begin = 0ms; begin < 1s; begin += 50ms) {
        const base::wall_time sent = now + begin;
        const auto date = std::chrono::floor<std::chrono::seconds>(sent + there + 5s);
        const clock_bounds found = clock_bounds_of(date, sent, sent + there + back);
        EXPECT_LE(found.at_least, 5s);
        EXPECT_GE(found.at_most, 5s);
        EXPECT_LE(found.at_most - found.at_least, 1s + there + back);
      }
    }
  }
}

TEST(clock_bounds, become_narrower_by_more_answers) {
  const clock_bounds one{-400ms, 600ms};
  const clock_bounds other{-100ms, 900ms};
  EXPECT_EQ(one.with(other).at_least, -100ms);
  EXPECT_EQ(one.with(other).at_most, 600ms);
  const clock_bounds set{10s, 11s};
  EXPECT_EQ(one.with(set).at_least, 10s) << "the clock was set";
}

}  // namespace
}  // namespace guildfleet::net
