// What differs between two texts, for a person.
#pragma once

#include <string>
#include <string_view>

namespace guildfleet::cli {

// Line by line as `diff -u` shows it, with three lines around each change; empty where nothing differs. Takes
// time and memory by the product of both lengths: for files of some thousand lines.
[[nodiscard]] std::string text_difference(std::string_view name, std::string_view before,
                                          std::string_view after);

}  // namespace guildfleet::cli
