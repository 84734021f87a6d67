#include "features/role_panel/one_emoji.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace guildfleet::features {
namespace {

// Takes the first code point of a valid text off it.
char32_t first_point(std::string_view& text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const std::size_t size = byte(0) < 0x80 ? 1 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  char32_t out = size == 1 ? byte(0) : byte(0) & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) out = (out << 6U) | (byte(i) & 0x3FU);
  text.remove_prefix(size);
  return out;
}

std::u32string points_of(std::string_view text) {
  std::u32string out;
  while (!text.empty()) out += first_point(text);
  return out;
}

constexpr char32_t joiner = 0x200D;
constexpr char32_t shown_as_emoji = 0xFE0F;
constexpr char32_t keycap = 0x20E3;

struct range {
  char32_t first;
  char32_t last;
  [[nodiscard]] bool holds(char32_t point) const { return point >= first && point <= last; }
};
constexpr range skin_tones{0x1F3FB, 0x1F3FF};
constexpr range letters_of_flags{0x1F1E6, 0x1F1FF};
constexpr range tags{0xE0020, 0xE007F};

// Those with the property Emoji in emoji-data.txt of Unicode 15.1. From U+1F000 on hardly anything else is
// there: all of it, so that newer ones need no new release.
bool is_emoji(char32_t point) {
  constexpr std::array among_symbols{
      range{0xA9, 0xA9},     range{0xAE, 0xAE},     range{0x203C, 0x203C}, range{0x2049, 0x2049},
      range{0x2122, 0x2122}, range{0x2139, 0x2139}, range{0x2194, 0x2199}, range{0x21A9, 0x21AA},
      range{0x231A, 0x231B}, range{0x2328, 0x2328}, range{0x23CF, 0x23CF}, range{0x23E9, 0x23F3},
      range{0x23F8, 0x23FA}, range{0x24C2, 0x24C2}, range{0x25AA, 0x25AB}, range{0x25B6, 0x25B6},
      range{0x25C0, 0x25C0}, range{0x25FB, 0x25FE}, range{0x2600, 0x2604}, range{0x260E, 0x260E},
      range{0x2611, 0x2611}, range{0x2614, 0x2615}, range{0x2618, 0x2618}, range{0x261D, 0x261D},
      range{0x2620, 0x2620}, range{0x2622, 0x2623}, range{0x2626, 0x2626}, range{0x262A, 0x262A},
      range{0x262E, 0x262F}, range{0x2638, 0x263A}, range{0x2640, 0x2640}, range{0x2642, 0x2642},
      range{0x2648, 0x2653}, range{0x265F, 0x2660}, range{0x2663, 0x2663}, range{0x2665, 0x2666},
      range{0x2668, 0x2668}, range{0x267B, 0x267B}, range{0x267E, 0x267F}, range{0x2692, 0x2697},
      range{0x2699, 0x2699}, range{0x269B, 0x269C}, range{0x26A0, 0x26A1}, range{0x26A7, 0x26A7},
      range{0x26AA, 0x26AB}, range{0x26B0, 0x26B1}, range{0x26BD, 0x26BE}, range{0x26C4, 0x26C5},
      range{0x26C8, 0x26C8}, range{0x26CE, 0x26CF}, range{0x26D1, 0x26D1}, range{0x26D3, 0x26D4},
      range{0x26E9, 0x26EA}, range{0x26F0, 0x26F5}, range{0x26F7, 0x26FA}, range{0x26FD, 0x26FD},
      range{0x2702, 0x2702}, range{0x2705, 0x2705}, range{0x2708, 0x270D}, range{0x270F, 0x270F},
      range{0x2712, 0x2712}, range{0x2714, 0x2714}, range{0x2716, 0x2716}, range{0x271D, 0x271D},
      range{0x2721, 0x2721}, range{0x2728, 0x2728}, range{0x2733, 0x2734}, range{0x2744, 0x2744},
      range{0x2747, 0x2747}, range{0x274C, 0x274C}, range{0x274E, 0x274E}, range{0x2753, 0x2755},
      range{0x2757, 0x2757}, range{0x2763, 0x2764}, range{0x2795, 0x2797}, range{0x27A1, 0x27A1},
      range{0x27B0, 0x27B0}, range{0x27BF, 0x27BF}, range{0x2934, 0x2935}, range{0x2B05, 0x2B07},
      range{0x2B1B, 0x2B1C}, range{0x2B50, 0x2B50}, range{0x2B55, 0x2B55}, range{0x3030, 0x3030},
      range{0x303D, 0x303D}, range{0x3297, 0x3297}, range{0x3299, 0x3299}, range{0x1F000, 0x1FAFF}};
  return std::ranges::any_of(among_symbols, [point](const range& each) { return each.holds(point); });
}

}  // namespace

bool is_one_emoji(std::string_view text) {
  const std::u32string all = points_of(text);
  std::u32string_view points = all;
  const auto take = [&points](auto fits) {
    const bool found = !points.empty() && fits(points.front());
    if (found) points.remove_prefix(1);
    return found;
  };
  const auto take_one = [&take](char32_t wanted) { return take([=](char32_t is) { return is == wanted; }); };
  const auto take_in = [&take](range wanted) { return take([=](char32_t is) { return wanted.holds(is); }); };
  if (take([](char32_t is) { return is == '#' || is == '*' || range{'0', '9'}.holds(is); })) {
    (void)take_one(shown_as_emoji);
    return take_one(keycap) && points.empty();
  }
  if (take_in(letters_of_flags)) {
    (void)take_in(letters_of_flags);
    return points.empty();
  }
  do {  // of several that are joined each may have a colour
    if (!take(is_emoji)) return false;
    (void)take_one(shown_as_emoji);
    (void)take_in(skin_tones);
    while (take_in(tags)) continue;
  } while (take_one(joiner));
  return points.empty();
}

}  // namespace guildfleet::features
