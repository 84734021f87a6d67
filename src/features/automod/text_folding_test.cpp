#include "features/automod/text_folding.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "base/utf8.hpp"

namespace guildfleet::features::automod_rules {
namespace {

TEST(text_folding, what_looks_alike_is_alike) {
  const struct {
    std::string_view written;
    std::string_view folded;
  } cases[] = {{"", ""},
               {"BadWord", "badword"},
               {"ｂａｄ　ＷＯＲＤ！", "bad word!"},
               {"b\u200Ba\u00ADd\uFEFF", "bad"},
               {"bád wörd ÑØ ß", "bad word no s"},
               {"ba\u0301d", "bad"},
               {"Ьаԁ", "ьad"},  // Cyrillic
               {"Ρορ", "pop"},  // Greek
               {"𝐛𝐚𝐝 𝕭𝖆𝖉 𝟙𝟚", "bad bad 12"},
               {"ⓑⓐⓓ 🅱🅰🅳 🇧🇦🇩", "bad bad bad"},
               {"バカ ばか ﾊﾞｶ", "ばか ばか ばか"},
               {"ハ\u3099カ パ ﾊﾟ", "ばか ぱ ぱ"},
               {"ヴ ｳﾞ", "ゔ ゔ"},
               {"漢字 한국어 😀", "漢字 한국어 😀"},
               {"a\u3099", "a\u3099"},
               {"\xFF\xC0\x80 \xE3\x81", "\uFFFD\uFFFD\uFFFD \uFFFD\uFFFD"},
               {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"}};
  for (const auto& each : cases) EXPECT_EQ(folded(each.written), each.folded) << each.written;
}

TEST(text_folding, white_space_is_one_space) {
  EXPECT_EQ(squeezed("  a \n\t b  "), "a b");
  EXPECT_EQ(squeezed(" \n"), "");
}

TEST(text_folding, of_any_bytes_is_valid_short_and_the_same_when_folded_again) {
  base::random_source random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    const auto size = random.below(40);
    // Bytes that begin and go on with characters are as frequent as plain ones.
    for (std::uint64_t i = 0; i < size; ++i)
      text += static_cast<char>(random.next() % 2 == 0 ? random.next() : 0xE0U + random.below(16));
    const std::string once = folded(text);
    ASSERT_TRUE(base::utf8_valid(once));
    ASSERT_LE(once.size(), text.size() * 3);
    ASSERT_EQ(folded(once).size(), folded(folded(once)).size());
  }
}

}  // namespace
}  // namespace guildfleet::features::automod_rules
