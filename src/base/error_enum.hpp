// Turns a room's error enum into std::error_code with one sentence per value.
#pragma once

#include <string>
#include <system_error>
#include <type_traits>

namespace guildfleet::base {

// `Enum` must have a function `std::string_view sentence(Enum)` found by argument-dependent lookup. Use:
//   enum class net_error { timed_out = 1, ... };
//   std::string_view sentence(net_error);
//   inline std::error_code make_error_code(net_error e) { return base::enum_error_code(e, "net"); }
//   template <> struct std::is_error_code_enum<net_error> : std::true_type {};
template <class Enum>
  requires std::is_enum_v<Enum>
class enum_error_category final : public std::error_category {
 public:
  explicit constexpr enum_error_category(const char* name) noexcept : name_(name) {}
  [[nodiscard]] const char* name() const noexcept override { return name_; }
  [[nodiscard]] std::string message(int value) const override {
    return std::string(sentence(static_cast<Enum>(value)));
  }

 private:
  const char* name_;
};

template <class Enum>
[[nodiscard]] std::error_code enum_error_code(Enum value, const char* category_name) noexcept {
  static const enum_error_category<Enum> category(category_name);
  return {static_cast<int>(value), category};
}

}  // namespace guildfleet::base
