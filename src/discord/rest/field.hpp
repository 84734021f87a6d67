// A field of a PATCH body: absent leaves the value as it is, null clears it (protocol sheet 2.1, trap 40).
#pragma once

#include <utility>
#include <variant>

namespace guildfleet::discord {

struct cleared_t {};
inline constexpr cleared_t cleared{};

// Default: absent. `x.topic = cleared` sends null, `x.topic = "rules"` sends the value.
template <class T>
class field final {
 public:
  field() = default;
  field(cleared_t) : state_(nullptr) {}         // NOLINT(google-explicit-constructor)
  field(T value) : state_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  template <class U>
    requires std::constructible_from<T, U> && (!std::same_as<std::remove_cvref_t<U>, field>) &&
             (!std::same_as<std::remove_cvref_t<U>, cleared_t>)
  field(U&& value) : state_(T(std::forward<U>(value))) {}  // NOLINT

  [[nodiscard]] bool absent() const { return std::holds_alternative<std::monostate>(state_); }
  [[nodiscard]] const T* value() const { return std::get_if<T>(&state_); }

 private:
  std::variant<std::monostate, std::nullptr_t, T> state_;
};

}  // namespace guildfleet::discord
