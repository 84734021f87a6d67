#include "base/variables.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <memory>

namespace guildfleet::base {
namespace {

bool starts_name(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}
bool continues_name(char c) {
  return starts_name(c) || (c >= '0' && c <= '9');
}

std::size_t name_length(std::string_view text) {
  if (text.empty() || !starts_name(text[0])) return 0;
  std::size_t length = 1;
  while (length < text.size() && continues_name(text[length])) ++length;
  return length;
}

// Offset of the brace that closes the one just before `text`, counting ${ } pairs inside.
std::optional<std::size_t> closing_brace(std::string_view text) {
  std::size_t open = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$' && i + 1 < text.size() && (text[i + 1] == '{' || text[i + 1] == '$')) {
      if (text[i + 1] == '{') ++open;
      ++i;
    } else if (text[i] == '}' && --open == 0) {
      return i;
    }
  }
  return std::nullopt;
}

class expander {
 public:
  explicit expander(const variable_lookup& variables) : variables_(variables) {}

  // Empty answer: done, `out` is complete. Otherwise what is wrong.
  [[nodiscard]] std::string expand(std::string_view text, int depth) {
    if (depth > max_depth) return "defaults of variables are nested too deeply";
    while (!text.empty()) {
      const std::size_t dollar = text.find('$');
      if (!append(text.substr(0, dollar))) return too_long;
      if (dollar == std::string_view::npos) return {};
      text.remove_prefix(dollar + 1);
      std::size_t used = 0;
      if (auto wrong = expand_one(text, depth, used); !wrong.empty()) return wrong;
      text.remove_prefix(used);
    }
    return {};
  }

  expansion result;

 private:
  static constexpr int max_depth = 8;
  static constexpr std::size_t max_length = 1U << 20U;
  static constexpr auto too_long = "the value is too long once its variables are filled in";

  bool append(std::string_view piece) {
    if (result.text.size() + piece.size() > max_length) return false;
    result.text += piece;
    return true;
  }

  // `text` begins after the dollar; `used` becomes the length of what the dollar introduced.
  std::string expand_one(std::string_view text, int depth, std::size_t& used) {
    if (text.starts_with('$')) {
      used = 1;
      return append("$") ? "" : too_long;
    }
    if (text.starts_with('{')) {
      const auto end = closing_brace(text.substr(1));
      if (!end) return "a ${ is never closed";
      used = *end + 2;
      return expand_braced(text.substr(1, *end), depth);
    }
    used = name_length(text);
    if (used == 0) return "a $ stands alone; write $$ for a dollar sign";
    return substitute(text.substr(0, used));
  }

  std::string expand_braced(std::string_view inside, int depth) {
    const std::size_t length = name_length(inside);
    if (length == 0) return "${...} must hold the name of a variable";
    const std::string_view name = inside.substr(0, length);
    std::string_view rest = inside.substr(length);
    if (rest.empty()) return substitute(name);
    const bool empty_counts_as_unset = rest.starts_with(':');
    if (empty_counts_as_unset) rest.remove_prefix(1);
    if (rest.empty()) return fmt::format("${{{}...}} has a form that is not known", name);
    const auto value = variables_(name);
    const bool present = value && !(empty_counts_as_unset && value->empty());
    const std::string_view word = rest.substr(1);
    switch (rest[0]) {
      case '-':
        return present ? (append(*value) ? "" : too_long) : expand(word, depth + 1);
      case '+':
        return present ? expand(word, depth + 1) : "";
      case '?':
        if (present) return append(*value) ? "" : too_long;
        return word.empty() ? fmt::format("the variable {} is required but not set", name)
                            : fmt::format("the variable {} is required but not set: {}", name, word);
      default:
        return fmt::format("${{{}...}} has a form that is not known", name);
    }
  }

  std::string substitute(std::string_view name) {
    const auto value = variables_(name);
    if (!value) {
      result.unset.emplace_back(name);
      return {};
    }
    return append(*value) ? "" : too_long;
  }

  const variable_lookup& variables_;
};

}  // namespace

variable_lookup process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

variable_lookup overlay(variable_lookup first, std::map<std::string, std::string> second) {
  // Shared, so that a copy of the function does not copy secrets around.
  auto fallback = std::make_shared<const std::map<std::string, std::string>>(std::move(second));
  return [first = std::move(first), fallback](std::string_view name) -> std::optional<std::string> {
    if (auto value = first(name)) return value;
    const auto found = fallback->find(std::string(name));
    if (found == fallback->end()) return std::nullopt;
    return found->second;
  };
}

std::expected<expansion, std::string> expand_variables(std::string_view text,
                                                       const variable_lookup& variables) {
  expander work(variables);
  if (auto wrong = work.expand(text, 0); !wrong.empty()) return std::unexpected(std::move(wrong));
  return std::move(work.result);
}

}  // namespace guildfleet::base
