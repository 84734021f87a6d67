// Little-endian numbers and length-prefixed texts.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace guildfleet::discord {

class byte_writer final {
 public:
  template <std::unsigned_integral Number>
  void number(Number value) {
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      out_.push_back(static_cast<char>(static_cast<unsigned char>(value & 0xFFU)));
      if constexpr (sizeof(Number) > 1) value = static_cast<Number>(value >> 8U);
    }
  }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    out_ += value;
  }
  void raw(std::string_view value) { out_ += value; }
  void reserve(std::size_t bytes) { out_.reserve(bytes); }

  [[nodiscard]] const std::string& bytes() const { return out_; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// After a read beyond the end every answer is zero or empty and failed() is true.
class byte_reader final {
 public:
  explicit byte_reader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <std::unsigned_integral Number>
  [[nodiscard]] Number number() {
    const std::span<const std::byte> bytes = take(sizeof(Number));
    Number value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      value = static_cast<Number>(value | static_cast<Number>(std::to_integer<Number>(bytes[i]) << (8U * i)));
    }
    return value;
  }
  [[nodiscard]] std::string_view text() {
    const std::span<const std::byte> bytes = take(number<std::uint32_t>());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  // A count of records of at least `record_bytes` each: more than can follow is a failure, so that a damaged
  // count cannot ask for much memory.
  [[nodiscard]] std::size_t count(std::size_t record_bytes) {
    const std::size_t value = number<std::uint32_t>();
    if (value > rest_.size() / record_bytes) failed_ = true;
    return failed_ ? 0 : value;
  }

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::span<const std::byte> take(std::size_t size) {
    if (failed_ || size > rest_.size()) {
      failed_ = true;
      return {};
    }
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  std::span<const std::byte> rest_;
  bool failed_ = false;
};

}  // namespace guildfleet::discord
