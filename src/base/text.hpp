// Texts for people, in English and Japanese. A text that lacks a language, or whose languages name different
// placeholders, does not compile.
#pragma once

#include <fmt/args.h>
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace guildfleet::base {

enum class language { english, japanese };

// Discord's locale codes (protocol sheet A.9); everything but "ja" reads English.
[[nodiscard]] constexpr language language_of(std::string_view locale) {
  return locale == "ja" ? language::japanese : language::english;
}

class text final {
 public:
  // Placeholders are named: "Hello {name}".
  consteval text(std::string_view english, std::string_view japanese)
      : english_(english), japanese_(japanese) {
    if (english.empty() || japanese.empty()) throw "a text needs both languages";
    if (!names_all(english, japanese) || !names_all(japanese, english)) throw "placeholders differ";
  }

  [[nodiscard]] constexpr std::string_view in(language which) const {
    return which == language::japanese ? japanese_ : english_;
  }

  // text.format(language, fmt::arg("name", value), ...)
  template <class... Args>
  [[nodiscard]] std::string format(language which, const Args&... args) const {
    return fmt::vformat(in(which), fmt::make_format_args(args...));
  }

 private:
  // Every {placeholder} of `from` stands in `other`.
  static consteval bool names_all(std::string_view from, std::string_view other) {
    for (std::size_t open = from.find('{'); open != std::string_view::npos; open = from.find('{', open + 1)) {
      const std::size_t close = from.find('}', open);
      if (close == std::string_view::npos) return false;
      if (!other.contains(from.substr(open, close - open + 1))) return false;
    }
    return true;
  }

  std::string_view english_;
  std::string_view japanese_;
};

}  // namespace guildfleet::base
