// Texts that members write with placeholders: "Welcome {user} to {server}, you are number {count}!". Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace guildfleet::features {

// Limits of Discord, in code points (protocol sheet 6).
inline constexpr std::size_t longest_content = 2'000;
inline constexpr std::size_t longest_embed_description = 4'096;

struct placeholder {
  std::string_view name;  // "user.name", as it stands between braces
  std::string value;
  // As it is: mentions, numbers, times of Discord's own. Otherwise somebody chose it, and it is shown as
  // plain text: no mention, link, invite or markdown in it has an effect.
  bool trusted = false;
};

// Each placeholder is filled once; what it is filled with is not looked at for placeholders. Unknown ones
// stay as they stand. The result has at most `limit` code points and ends in "…" where something was cut;
// bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string fill(std::string_view text, std::span<const placeholder> values,
                               std::size_t limit = longest_content);

// Placeholders of the text that are not among `known`, each once, in order: to be told to who wrote it.
[[nodiscard]] std::vector<std::string> unknown_placeholders(std::string_view text,
                                                            std::span<const std::string_view> known);

// A name that somebody chose, as plain text on one line.
[[nodiscard]] std::string plain(std::string_view name);

// As Discord shows a moment to each user in their own time: 'R' is "in 5 minutes", 'f' the date and time.
[[nodiscard]] std::string shown_time(base::wall_time when, char style = 'R');

// At most `limit` code points, "…" at the end when something was cut; of a valid text.
[[nodiscard]] std::string clipped(std::string text, std::size_t limit);

}  // namespace guildfleet::features
