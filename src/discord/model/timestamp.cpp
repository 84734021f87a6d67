#include "discord/model/timestamp.hpp"

#include <chrono>

#include "base/text_taker.hpp"

namespace guildfleet::discord {
namespace {

// The digits behind the point; more than three are cut.
std::chrono::milliseconds read_fraction(base::text_taker& in) {
  int value = 0;
  int digits = 0;
  for (int next = in.digit(); next >= 0; next = in.digit(), ++digits) {
    if (digits < 3) value = value * 10 + next;
  }
  if (digits == 0) in.fail();
  for (; digits < 3; ++digits) value *= 10;
  return std::chrono::milliseconds(value);
}

std::chrono::minutes read_offset(base::text_taker& in) {
  if (in.at_end() || in.take('Z')) return {};
  const bool west = in.take('-');
  if (!west) in.expect("+");
  const unsigned hours = in.number(2);
  in.expect(":");
  const unsigned minutes = in.number(2);
  const std::chrono::minutes offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return west ? -offset : offset;
}

}  // namespace

std::optional<base::wall_time> parse_timestamp(std::string_view text) {
  base::text_taker in(text);
  const std::chrono::year year(static_cast<int>(in.number(4)));
  in.expect("-");
  const std::chrono::month month(in.number(2));
  in.expect("-");
  const std::chrono::day day(in.number(2));
  in.expect("T");
  const unsigned hour = in.number(2);
  in.expect(":");
  const unsigned minute = in.number(2);
  in.expect(":");
  const unsigned second = in.number(2);
  std::chrono::milliseconds fraction{0};
  if (in.take('.')) fraction = read_fraction(in);
  const std::chrono::minutes offset = read_offset(in);
  const std::chrono::year_month_day date(year, month, day);
  if (in.failed() || !in.at_end() || !date.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  return base::wall_time(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) + fraction - offset;
}

}  // namespace guildfleet::discord
