#include "features/automod/word_list.hpp"

#include <gtest/gtest.h>

#include "features/automod/text_folding.hpp"

namespace guildfleet::features::automod_rules {
namespace {

std::string found(const std::vector<std::string>& words, std::string_view text) {
  const word_list list(words);
  const std::string* const word = list.find_in(folded(text));
  return word == nullptr ? std::string() : *word;
}

TEST(word_list, finds_words_as_their_script_sets_them_apart) {
  const struct {
    std::vector<std::string> words;
    std::string_view text;
    std::string_view found;
  } cases[] = {
      {{}, "anything", ""},
      {{"ass"}, "classic grass", ""},
      {{"ass"}, "an ASS!", "ass"},
      {{"ass"}, "ass", "ass"},
      {{"ass"}, "grass ass", "ass"},
      {{"ass"}, "ass1", ""},
      {{"spam*"}, "a spammer", "spam*"},
      {{"spam*"}, "antispam", ""},
      {{"*spam"}, "antispam", "*spam"},
      {{"*spam*"}, "xspamx", "*spam*"},
      {{"free nitro"}, "get FREE  nitro", ""},
      {{"free nitro"}, "get FREE nitro now", "free nitro"},
      {{"Bäd"}, "b\u200Bａd", "Bäd"},
      {{"バカ"}, "おまえはばかだ", "バカ"},
      {{"死ね"}, "早く死ねよ", "死ね"},
      {{"плохо"}, "неплохо", ""},
      {{"плохо"}, "это плохо.", "плохо"},
      {{"she", "he", "hers"}, "ushers", ""},
      {{"*she*", "*he*", "*hers*"}, "ushers", "*she*"},
      {{"abcd", "bc*"}, "xbc abce bcx", "bc*"},
      {{"abcd*", "*bc*"}, "abce", "*bc*"},
      {{"*", "**", "\u200B", "x"}, "* x", "x"},
      {{"same", "SAME"}, "Same", "same"},
  };
  for (const auto& each : cases) EXPECT_EQ(found(each.words, each.text), each.found) << each.text;
}

TEST(word_list, looks_at_any_bytes) {
  const word_list list({"\xFF", "a\xE3\x81", "ok"});
  EXPECT_EQ(list.find_in(""), nullptr);
  EXPECT_NE(list.find_in(folded("\xE3\x81 ok")), nullptr);
  EXPECT_EQ(list.find_in("\x80\x80\x80"), nullptr);
}

TEST(word_list, of_the_greatest_size_stays_small) {
  std::vector<std::string> words;
  for (int i = 0; i < 300; ++i) {
    std::string word = std::to_string(i);
    while (word.size() + 3 <= 120) word += "漢";
    words.push_back(word);
  }
  EXPECT_LT(word_list(words).bytes_approx(), 2U << 20U);
}

}  // namespace
}  // namespace guildfleet::features::automod_rules
