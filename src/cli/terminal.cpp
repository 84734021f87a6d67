#include "cli/terminal.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>
#include <unistd.h>

#include "base/utf8.hpp"

namespace guildfleet::cli {

bool wants_colours(int file_descriptor, const base::variable_lookup& variables) {
  return ::isatty(file_descriptor) == 1 && variables("NO_COLOR").value_or("").empty() &&
         variables("TERM").value_or("") != "dumb";
}

std::string painted(const terminal& to, colour in, std::string_view text) {
  if (!to.colours || in == colour::none) return std::string(text);
  const auto code = [in] {
    switch (in) {
      case colour::red:
        return 31;
      case colour::green:
        return 32;
      case colour::yellow:
        return 33;
      case colour::bold:
        return 1;
      case colour::none:
        break;
    }
    return 0;
  };
  return fmt::format("\x1b[{}m{}\x1b[0m", code(), text);
}

std::string shown(std::string_view text) {
  constexpr char before_more = '\xC2';  // U+0080 to U+009F, which some terminals obey too
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const unsigned next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    const bool is_more = text[i] == before_more && next >= 0x80U && next < 0xA0U;
    if (is_more) ++i;
    out += is_more || c < ' ' || c == 0x7F ? '?' : text[i];
  }
  return out;
}

void print_table(const terminal& to, const std::vector<std::vector<cell>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], base::utf8_length(row[i].text));
  }
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      to.out << painted(to, row[i].in, row[i].text);
      if (i + 1 == row.size()) break;
      to.out << std::string(widths[i] - base::utf8_length(row[i].text) + 2, ' ');
    }
    to.out << '\n';
  }
}

}  // namespace guildfleet::cli
