// Collects the first broken limit of a body, with the path of its field.
#pragma once

#include <cstddef>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/utf8.hpp"
#include "discord/rest/error.hpp"

namespace guildfleet::discord {

class limit_check final {
 public:
  // Length in code points, as Discord counts.
  void text(std::string_view field, std::string_view text, std::size_t least, std::size_t most) {
    const std::size_t length = base::utf8_length(text);
    if (length < least) fail("{}: {} characters, at least {}", field, length, least);
    if (length > most) fail("{}: {} characters, at most {}", field, length, most);
  }
  void count(std::string_view field, std::size_t count, std::size_t least, std::size_t most) {
    if (count < least) fail("{}: {} entries, at least {}", field, count, least);
    if (count > most) fail("{}: {} entries, at most {}", field, count, most);
  }
  void range(std::string_view field, std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value < least || value > most) fail("{}: {} is not between {} and {}", field, value, least, most);
  }
  void rule(std::string_view field, bool holds, std::string_view sentence) {
    if (!holds) fail("{}: {}", field, sentence);
  }

  [[nodiscard]] const std::optional<std::string>& problem() const { return problem_; }

 private:
  template <class... Args>
  void fail(fmt::format_string<Args...> format, Args&&... args) {
    if (!problem_) problem_ = fmt::format(format, std::forward<Args>(args)...);
  }

  std::optional<std::string> problem_;
};

[[nodiscard]] inline std::unexpected<base::error> broken(std::string problem) {
  return base::fail(rest_error::invalid_request, std::move(problem), "Shorten or split it.");
}

}  // namespace guildfleet::discord
