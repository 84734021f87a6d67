// Errors as values. Every room declares one error enum with a std::error_category that holds a sentence per
// value; base::error adds where it happened and what the reader should do.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace guildfleet::base {

class error final {
 public:
  // `context` names the thing that failed (file:line, bot, setting, host); `fix` says what to do about it.
  // Neither may hold a secret: both are logged and shown to users.
  explicit error(std::error_code code, std::string context = {}, std::string fix = {});

  [[nodiscard]] std::error_code code() const noexcept { return code_; }
  [[nodiscard]] const std::string& context() const noexcept { return context_; }
  [[nodiscard]] const std::string& fix() const noexcept { return fix_; }

  // "context: sentence of the code. Fix."
  [[nodiscard]] std::string message() const;

  // The same error seen from further out: `outer` is put in front of the context.
  [[nodiscard]] error within(std::string_view outer) &&;

 private:
  std::error_code code_;
  std::string context_;
  std::string fix_;
};

template <class T>
using result = std::expected<T, error>;

// Shorthand for `return fail(code, ...)` in a function that returns a result.
[[nodiscard]] std::unexpected<error> fail(std::error_code code, std::string context = {},
                                          std::string fix = {});

}  // namespace guildfleet::base
