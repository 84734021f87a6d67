#include "net/http_date.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text_taker.hpp"

namespace guildfleet::net {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> long_days{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};

class date_reader final : public base::text_taker {
 public:
  using base::text_taker::text_taker;

  // Its place among `names`.
  template <std::size_t Count>
  unsigned one_of(const std::array<std::string_view, Count>& names) {
    const auto found = std::ranges::find_if(names, [&](auto name) { return rest().starts_with(name); });
    if (found == names.end()) {
      fail();
      return 0;
    }
    expect(*found);
    return static_cast<unsigned>(found - names.begin());
  }
  // Two places, the first of which may be blank.
  unsigned padded() { return take(' ') ? number(1) : number(2); }
  [[nodiscard]] bool good() const { return !failed() && at_end(); }
};

struct date_parts {
  int year = 0;
  unsigned month = 0;  // from 0
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
};

void read_time(date_reader& in, date_parts& out) {
  out.hour = in.number(2);
  in.expect(":");
  out.minute = in.number(2);
  in.expect(":");
  out.second = in.number(2);
}

std::optional<date_parts> read_fixed(std::string_view text) {
  date_reader in(text);
  date_parts out;
  (void)in.one_of(days);
  in.expect(", ");
  out.day = in.number(2);
  in.expect(" ");
  out.month = in.one_of(months);
  in.expect(" ");
  out.year = static_cast<int>(in.number(4));
  in.expect(" ");
  read_time(in, out);
  in.expect(" GMT");
  return in.good() ? std::optional(out) : std::nullopt;
}

int whole_year(unsigned two_digits, base::wall_time now) {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  const int this_year = static_cast<int>(today.year());
  int year = this_year - this_year % 100 + static_cast<int>(two_digits);
  if (year > this_year + 50) year -= 100;
  if (year <= this_year - 50) year += 100;
  return year;
}

// RFC 850's.
std::optional<date_parts> read_with_long_day(std::string_view text, base::wall_time now) {
  date_reader in(text);
  date_parts out;
  (void)in.one_of(long_days);
  in.expect(", ");
  out.day = in.number(2);
  in.expect("-");
  out.month = in.one_of(months);
  in.expect("-");
  out.year = whole_year(in.number(2), now);
  in.expect(" ");
  read_time(in, out);
  in.expect(" GMT");
  return in.good() ? std::optional(out) : std::nullopt;
}

// asctime()'s.
std::optional<date_parts> read_without_zone(std::string_view text) {
  date_reader in(text);
  date_parts out;
  (void)in.one_of(days);
  in.expect(" ");
  out.month = in.one_of(months);
  in.expect(" ");
  out.day = in.padded();
  in.expect(" ");
  read_time(in, out);
  in.expect(" ");
  out.year = static_cast<int>(in.number(4));
  return in.good() ? std::optional(out) : std::nullopt;
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text, base::wall_time now) {
  auto found = read_fixed(text);
  if (!found) found = read_with_long_day(text, now);
  if (!found) found = read_without_zone(text);
  if (!found) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(found->year), std::chrono::month(found->month + 1),
                                         std::chrono::day(found->day)};
  // A leap second is told as 60.
  if (!date.ok() || found->hour > 23 || found->minute > 59 || found->second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(found->hour) + std::chrono::minutes(found->minute) +
         std::chrono::seconds(found->second);
}

std::string http_date(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

clock_bounds clock_bounds::with(const clock_bounds& other) const {
  const clock_bounds both{std::max(at_least, other.at_least), std::min(at_most, other.at_most)};
  return both.at_least <= both.at_most ? both : other;
}

clock_bounds clock_bounds_of(std::chrono::sys_seconds date, base::wall_time sent, base::wall_time received) {
  return {std::chrono::duration_cast<milliseconds>(date - received),
          std::chrono::duration_cast<milliseconds>(date + std::chrono::seconds(1) - sent)};
}

}  // namespace guildfleet::net
