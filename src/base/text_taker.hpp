// Reading texts of fixed form, such as dates, piece by piece.
#pragma once

#include <cstddef>
#include <string_view>

namespace guildfleet::base {

// Takes pieces from the front of a text; one failure makes all later answers worthless, so it is asked for at
// the end. The text outlives it.
class text_taker {
 public:
  explicit text_taker(std::string_view text) : rest_(text) {}

  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view wanted) {
    if (rest_.starts_with(wanted))
      rest_.remove_prefix(wanted.size());
    else
      failed_ = true;
  }
  // 0 to 9; nothing is taken and -1 comes back where there is none.
  int digit() {
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return -1;
    const int value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }
  // Of exactly so many digits, at most 9.
  unsigned number(std::size_t digits) {
    unsigned value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const int next = digit();
      if (next < 0) {
        failed_ = true;
        return 0;
      }
      value = value * 10 + static_cast<unsigned>(next);
    }
    return value;
  }
  void fail() { failed_ = true; }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  // What is left of the text.
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace guildfleet::base
