// Texts as they look: what members write to get past a list of words reads the same as the word.
#pragma once

#include <string>
#include <string_view>

namespace guildfleet::features::automod_rules {

// Takes the first code point off the text, which is not empty; U+FFFD for a byte that is not UTF-8.
[[nodiscard]] char32_t take_code_point(std::string_view& text);

// Small letters without accents; full width, mathematical, circled and flag letters as plain ones; Cyrillic
// and Greek letters that look like Latin ones as those; katakana, of half width too, as hiragana; what has no
// width is gone. Any bytes will do; the answer is valid UTF-8 and at most three bytes for each of them.
[[nodiscard]] std::string folded(std::string_view text);

// Folded, and each run of white space is one space; none at the ends. Of a text that says the same as
// another.
[[nodiscard]] std::string squeezed(std::string_view folded_text);

}  // namespace guildfleet::features::automod_rules
