#include "discord/model/timestamp.hpp"

#include <chrono>

namespace guildfleet::discord {
namespace {

// Takes digits and separators from the front of a text; one failure makes all later answers worthless.
class timestamp_reader final {
 public:
  explicit timestamp_reader(std::string_view text) : rest_(text) {}

  unsigned number(std::size_t digits) {
    unsigned value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
        failed_ = true;
        return 0;
      }
      value = value * 10 + static_cast<unsigned>(rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) failed_ = true;
  }
  // The digits behind the point; more than three are cut.
  std::chrono::milliseconds fraction() {
    unsigned value = 0;
    int digits = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1), ++digits) {
      if (digits < 3) value = value * 10 + static_cast<unsigned>(rest_.front() - '0');
    }
    if (digits == 0) failed_ = true;
    for (; digits < 3; ++digits) value *= 10;
    return std::chrono::milliseconds(value);
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

std::chrono::minutes read_offset(timestamp_reader& in) {
  if (in.at_end() || in.take('Z')) return {};
  const bool west = in.take('-');
  if (!west) in.expect('+');
  const unsigned hours = in.number(2);
  in.expect(':');
  const unsigned minutes = in.number(2);
  const std::chrono::minutes offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return west ? -offset : offset;
}

}  // namespace

std::optional<base::wall_time> parse_timestamp(std::string_view text) {
  timestamp_reader in(text);
  const std::chrono::year year(static_cast<int>(in.number(4)));
  in.expect('-');
  const std::chrono::month month(in.number(2));
  in.expect('-');
  const std::chrono::day day(in.number(2));
  in.expect('T');
  const unsigned hour = in.number(2);
  in.expect(':');
  const unsigned minute = in.number(2);
  in.expect(':');
  const unsigned second = in.number(2);
  std::chrono::milliseconds fraction{0};
  if (in.take('.')) fraction = in.fraction();
  const std::chrono::minutes offset = read_offset(in);
  const std::chrono::year_month_day date(year, month, day);
  if (in.failed() || !in.at_end() || !date.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  return base::wall_time(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) + fraction - offset;
}

}  // namespace guildfleet::discord
