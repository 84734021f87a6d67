// A set of an enum's values, each of which is one bit of the number that Discord sends.
#pragma once

#include <cstdint>
#include <type_traits>

namespace guildfleet::discord {

// Bits without a value of `Enum` are kept. A value; no function fails.
template <class Enum>
  requires std::is_enum_v<Enum>
class bit_set final {
 public:
  constexpr bit_set() = default;
  constexpr bit_set(Enum one) : bits_(static_cast<std::uint64_t>(one)) {}  // NOLINT: a set of one
  [[nodiscard]] static constexpr bit_set from_bits(std::uint64_t bits) {
    bit_set set;
    set.bits_ = bits;
    return set;
  }

  [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  // All of `wanted`.
  [[nodiscard]] constexpr bool has(bit_set wanted) const { return (bits_ & wanted.bits_) == wanted.bits_; }
  [[nodiscard]] constexpr bit_set without(bit_set taken) const { return from_bits(bits_ & ~taken.bits_); }
  [[nodiscard]] constexpr bit_set operator|(bit_set other) const { return from_bits(bits_ | other.bits_); }
  [[nodiscard]] constexpr bit_set operator&(bit_set other) const { return from_bits(bits_ & other.bits_); }
  constexpr bit_set& operator|=(bit_set other) { return *this = *this | other; }
  constexpr bool operator==(const bit_set&) const = default;

 private:
  std::uint64_t bits_ = 0;
};

// Says which enums are bits, so that `a | b` of two values is a set.
template <class Enum>
inline constexpr bool is_bit = false;

template <class Enum>
  requires is_bit<Enum>
[[nodiscard]] constexpr bit_set<Enum> operator|(Enum a, Enum b) {
  return bit_set<Enum>(a) | bit_set<Enum>(b);
}

}  // namespace guildfleet::discord
