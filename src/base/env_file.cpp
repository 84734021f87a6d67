#include <algorithm>

#include "base/variables.hpp"

namespace guildfleet::base {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool only_a_comment_left(std::string_view rest) {
  rest = trimmed(rest);
  return rest.empty() || rest.starts_with('#');
}

// `text` begins with its quote. nullopt: the quote is never closed on this line, or something follows it.
std::optional<std::string> quoted_value(std::string_view text) {
  const char quote = text[0];
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      if (!only_a_comment_left(text.substr(i + 1))) return std::nullopt;
      return value;
    }
    if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) {
      const char escaped = text[++i];
      value += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
    } else {
      value += text[i];
    }
  }
  return std::nullopt;
}

std::string_view plain_value(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '#' && (text[i - 1] == ' ' || text[i - 1] == '\t')) return trimmed(text.substr(0, i));
  }
  return text.starts_with('#') ? std::string_view{} : text;
}

// What is wrong with the line; empty when it was taken. The line itself is not quoted: it may hold a secret.
std::string_view take_line(std::string_view line, std::map<std::string, std::string>& out) {
  if (line.empty() || line[0] == '#') return {};
  if (line.starts_with("export ")) line = trimmed(line.substr(7));
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return "this line is not of the form NAME=VALUE";
  const std::string_view name = trimmed(line.substr(0, equals));
  if (!is_name(name)) return "the part before = is not a variable's name";
  const std::string_view value = trimmed(line.substr(equals + 1));
  if (value.starts_with('\'') || value.starts_with('"')) {
    auto text = quoted_value(value);
    if (!text) return "a quote is never closed, or something follows it";
    out[std::string(name)] = std::move(*text);
  } else {
    out[std::string(name)] = plain_value(value);
  }
  return {};
}

}  // namespace

std::map<std::string, std::string> parse_env_file(std::string_view text, std::string_view source,
                                                  problem_list& problems) {
  std::map<std::string, std::string> out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view wrong = take_line(trimmed(text.substr(0, end)), out);
    if (!wrong.empty()) {
      problems.push_back({severity::error,
                          std::string(source),
                          {number, 1},
                          std::string(wrong),
                          "write NAME=VALUE, or put # in front of a comment"});
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace guildfleet::base
