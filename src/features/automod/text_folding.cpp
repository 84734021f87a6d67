#include "features/automod/text_folding.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

namespace guildfleet::features::automod_rules {
namespace {

constexpr char32_t not_utf8 = 0xFFFD;

struct code_range {
  char32_t first;
  char32_t last;
};

// No width, or changes only how what is before it looks. Ascending.
constexpr std::array invisible{
    code_range{0x00AD, 0x00AD},  code_range{0x0300, 0x036F}, code_range{0x0483, 0x0489},
    code_range{0x061C, 0x061C},  code_range{0x115F, 0x1160}, code_range{0x17B4, 0x17B5},
    code_range{0x180B, 0x180F},  code_range{0x1AB0, 0x1AFF}, code_range{0x1DC0, 0x1DFF},
    code_range{0x200B, 0x200F},  code_range{0x202A, 0x202E}, code_range{0x2060, 0x206F},
    code_range{0x20D0, 0x20FF},  code_range{0x3164, 0x3164}, code_range{0xFE00, 0xFE0F},
    code_range{0xFE20, 0xFE2F},  code_range{0xFEFF, 0xFEFF}, code_range{0xFFA0, 0xFFA0},
    code_range{0xE0000, 0xE0FFF}};

struct base_letter {
  char32_t first;
  char32_t last;
  char letter;
};

// Latin letters with marks, and letters of other scripts that look like Latin ones. Ascending.
constexpr std::array base_letters{
    base_letter{0x00AA, 0x00AA, 'a'}, base_letter{0x00BA, 0x00BA, 'o'}, base_letter{0x00C0, 0x00C6, 'a'},
    base_letter{0x00C7, 0x00C7, 'c'}, base_letter{0x00C8, 0x00CB, 'e'}, base_letter{0x00CC, 0x00CF, 'i'},
    base_letter{0x00D0, 0x00D0, 'd'}, base_letter{0x00D1, 0x00D1, 'n'}, base_letter{0x00D2, 0x00D6, 'o'},
    base_letter{0x00D8, 0x00D8, 'o'}, base_letter{0x00D9, 0x00DC, 'u'}, base_letter{0x00DD, 0x00DD, 'y'},
    base_letter{0x00DE, 0x00DE, 't'}, base_letter{0x00DF, 0x00DF, 's'}, base_letter{0x00E0, 0x00E6, 'a'},
    base_letter{0x00E7, 0x00E7, 'c'}, base_letter{0x00E8, 0x00EB, 'e'}, base_letter{0x00EC, 0x00EF, 'i'},
    base_letter{0x00F0, 0x00F0, 'd'}, base_letter{0x00F1, 0x00F1, 'n'}, base_letter{0x00F2, 0x00F6, 'o'},
    base_letter{0x00F8, 0x00F8, 'o'}, base_letter{0x00F9, 0x00FC, 'u'}, base_letter{0x00FD, 0x00FD, 'y'},
    base_letter{0x00FE, 0x00FE, 't'}, base_letter{0x00FF, 0x00FF, 'y'}, base_letter{0x0100, 0x0105, 'a'},
    base_letter{0x0106, 0x010D, 'c'}, base_letter{0x010E, 0x0111, 'd'}, base_letter{0x0112, 0x011B, 'e'},
    base_letter{0x011C, 0x0123, 'g'}, base_letter{0x0124, 0x0127, 'h'}, base_letter{0x0128, 0x0133, 'i'},
    base_letter{0x0134, 0x0135, 'j'}, base_letter{0x0136, 0x0138, 'k'}, base_letter{0x0139, 0x0142, 'l'},
    base_letter{0x0143, 0x014B, 'n'}, base_letter{0x014C, 0x0153, 'o'}, base_letter{0x0154, 0x0159, 'r'},
    base_letter{0x015A, 0x0161, 's'}, base_letter{0x0162, 0x0167, 't'}, base_letter{0x0168, 0x0173, 'u'},
    base_letter{0x0174, 0x0175, 'w'}, base_letter{0x0176, 0x0178, 'y'}, base_letter{0x0179, 0x017E, 'z'},
    base_letter{0x017F, 0x017F, 's'}, base_letter{0x03B1, 0x03B1, 'a'}, base_letter{0x03B5, 0x03B5, 'e'},
    base_letter{0x03B9, 0x03B9, 'i'}, base_letter{0x03BA, 0x03BA, 'k'}, base_letter{0x03BD, 0x03BD, 'v'},
    base_letter{0x03BF, 0x03BF, 'o'}, base_letter{0x03C1, 0x03C1, 'p'}, base_letter{0x03C4, 0x03C4, 't'},
    base_letter{0x03C5, 0x03C5, 'u'}, base_letter{0x03C7, 0x03C7, 'x'}, base_letter{0x0430, 0x0430, 'a'},
    base_letter{0x0435, 0x0435, 'e'}, base_letter{0x043E, 0x043E, 'o'}, base_letter{0x0440, 0x0440, 'p'},
    base_letter{0x0441, 0x0441, 'c'}, base_letter{0x0443, 0x0443, 'y'}, base_letter{0x0445, 0x0445, 'x'},
    base_letter{0x0451, 0x0451, 'e'}, base_letter{0x0455, 0x0455, 's'}, base_letter{0x0456, 0x0457, 'i'},
    base_letter{0x0458, 0x0458, 'j'}, base_letter{0x04BB, 0x04BB, 'h'}, base_letter{0x0501, 0x0501, 'd'},
    base_letter{0x051B, 0x051B, 'q'}, base_letter{0x051D, 0x051D, 'w'}};

// U+FF66 to U+FF9D.
constexpr std::u32string_view half_width_kana =
    U"をぁぃぅぇぉゃゅょっーあいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらり"
    U"るれ"
    U"ろわん";
static_assert(half_width_kana.size() == 0xFF9D - 0xFF66 + 1);
constexpr std::u32string_view takes_voice = U"かきくけこさしすせそたちつてとはひふへほ";

bool is_invisible(char32_t code) {
  const auto found = std::ranges::lower_bound(invisible, code, {}, &code_range::last);
  return found != invisible.end() && found->first <= code;
}

char32_t small_letter(char32_t code) {
  const bool plain_step = (code >= 0x0391 && code <= 0x03A9) || (code >= 0x0410 && code <= 0x042F);
  if (plain_step) return code + 0x20;
  if (code >= 0x0400 && code <= 0x040F) return code + 0x50;
  if (code >= 0x0460 && code <= 0x052F && code % 2 == 0) return code + 1;
  return code == 0x03C2 ? 0x03C3 : code;
}

// Letters and digits that are written as signs of their own.
std::optional<char32_t> letter_sign(char32_t code) {
  const auto letter = [](char32_t number) { return U'a' + number % 26; };
  if (code >= 0xFF01 && code <= 0xFF5E) {
    const char32_t plain = code - 0xFEE0;
    return plain >= U'A' && plain <= U'Z' ? plain + 0x20 : plain;
  }
  if (code >= 0x24B6 && code <= 0x24E9) return letter(code - 0x24B6);
  if (code >= 0x1D400 && code <= 0x1D6A3) return letter(code - 0x1D400);
  if (code >= 0x1D7CE && code <= 0x1D7FF) return U'0' + (code - 0x1D7CE) % 10;
  for (const char32_t first : {U'\U0001F130', U'\U0001F150', U'\U0001F170', U'\U0001F1E6'}) {
    if (code >= first && code < first + 26) return letter(code - first);
  }
  return std::nullopt;
}

bool is_space(char32_t code) {
  return code == 0x00A0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
         code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

char32_t kana(char32_t code) {
  if (code >= 0x30A1 && code <= 0x30F6) return code - 0x60;
  if (code >= 0xFF66 && code <= 0xFF9D) return half_width_kana[code - 0xFF66];
  return code;
}

// Of what is not ASCII and has a width.
char32_t folded_code(char32_t code) {
  if (const auto sign = letter_sign(code)) return *sign;
  if (is_space(code)) return U' ';
  code = small_letter(kana(code));
  const auto found = std::ranges::lower_bound(base_letters, code, {}, &base_letter::last);
  const bool known = found != base_letters.end() && found->first <= code;
  return known ? static_cast<char32_t>(found->letter) : code;
}

void append(std::string& out, char32_t code) {
  const auto tail = [&out, code](unsigned shift) {
    out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

// A sign of voicing behind a kana, as a code point of its own: what both are together.
std::optional<char32_t> voiced(char32_t before, char32_t mark) {
  const bool voice = mark == 0x3099 || mark == 0x309B || mark == 0xFF9E;
  const bool half = mark == 0x309A || mark == 0x309C || mark == 0xFF9F;
  if (!voice && !half) return std::nullopt;
  if (voice && takes_voice.contains(before)) return before + 1;
  if (half && std::u32string_view(U"はひふへほ").contains(before)) return before + 2;
  if (voice && before == U'う') return U'ゔ';
  return std::nullopt;
}

}  // namespace

char32_t take_code_point(std::string_view& text) {
  const auto byte = [&text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char first = byte(0);
  const std::size_t size = first < 0x80   ? 1
                           : first < 0xC2 ? 0
                           : first < 0xE0 ? 2
                           : first < 0xF0 ? 3
                           : first < 0xF5 ? 4
                                          : 0;
  char32_t code = size < 2 ? first : first & (0x7FU >> size);
  bool good = size > 0 && size <= text.size();
  for (std::size_t at = 1; good && at < size; ++at) {
    good = (byte(at) & 0xC0U) == 0x80U;
    code = code << 6U | (byte(at) & 0x3FU);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  good = good && code >= least[size] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  text.remove_prefix(good ? size : 1);
  return good ? code : not_utf8;
}

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  char32_t last = 0;
  std::size_t last_at = 0;
  while (!text.empty()) {
    const char first = text.front();
    if (static_cast<unsigned char>(first) < 0x80) {
      out += first >= 'A' && first <= 'Z' ? static_cast<char>(first + 0x20) : first;
      text.remove_prefix(1);
      last = 0;
      continue;
    }
    const char32_t code = take_code_point(text);
    if (is_invisible(code)) continue;
    const auto together = voiced(last, code);
    if (together) out.resize(last_at);
    last = together ? *together : folded_code(code);
    last_at = out.size();
    append(out, last);
  }
  return out;
}

std::string squeezed(std::string_view folded_text) {
  std::string out;
  out.reserve(folded_text.size());
  for (const char each : folded_text) {
    const bool space = each == ' ' || (each >= '\t' && each <= '\r');
    if (!space)
      out += each;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace guildfleet::features::automod_rules
