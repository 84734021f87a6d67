// Where a command writes, and how.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/variables.hpp"

namespace guildfleet::cli {

enum class colour { none, red, green, yellow, bold };

// References to streams that outlive it.
struct terminal {
  std::ostream& out;
  std::ostream& err;
  bool colours = false;  // `out` is a terminal and NO_COLOR is not set
};

// Colours are for a terminal only, never with NO_COLOR (no-color.org: set and not empty) or TERM=dumb.
[[nodiscard]] bool wants_colours(int file_descriptor, const base::variable_lookup& variables);

// `text` in a colour when the terminal wants that.
[[nodiscard]] std::string painted(const terminal& to, colour in, std::string_view text);

// `text` with ? for each control character: a terminal must not obey what a file, a name or an answer says.
[[nodiscard]] std::string shown(std::string_view text);

struct cell {
  std::string text;
  colour in = colour::none;
};

// Columns are as wide as their widest cell; nothing behind the last one.
void print_table(const terminal& to, const std::vector<std::vector<cell>>& rows);

}  // namespace guildfleet::cli
