// A string that cannot be printed by accident.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace guildfleet::base {

// Holds a token or password. It has no stream operator, no fmt formatter and no conversion to a string, so a
// log line or a JSON document that would hold it does not compile. The memory is wiped on destruction.
class secret final {
 public:
  secret() = default;
  explicit secret(std::string value);
  secret(const secret& other) = default;
  secret(secret&& other) noexcept;
  secret& operator=(const secret& other);
  secret& operator=(secret&& other) noexcept;
  ~secret();

  // The text itself. Every call is a place to review: send it to the party it is meant for, nowhere else.
  [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  // 16 hexadecimal digits of SHA-256 over a fixed prefix and the value: tells two secrets apart in a ledger
  // or an error without telling either.
  [[nodiscard]] std::string fingerprint() const;

  [[nodiscard]] friend bool operator==(const secret& a, const secret& b) noexcept {
    return equal_in_constant_time(a.value_, b.value_);
  }

 private:
  static bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;
  void wipe() noexcept;

  std::string value_;
};

}  // namespace guildfleet::base
