// A server's words, found in a text in one pass however many they are (Aho and Corasick, 1975).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace guildfleet::features::automod_rules {

// A word counts where it stands alone; a "*" at its beginning or end lets it go on there ("spam*"). Words of
// scripts that put no spaces between words (kana, kanji, hangul, Thai, ...) count anywhere. Immutable.
class word_list final {
 public:
  word_list() = default;
  // As members write them; those of which nothing is left when folded are left out.
  explicit word_list(const std::vector<std::string>& words);

  // The first word that ends in the text, as it was given; null: there is none. `folded_text`:
  // text_folding.hpp.
  [[nodiscard]] const std::string* find_in(std::string_view folded_text) const;
  [[nodiscard]] bool empty() const { return words_.empty(); }
  [[nodiscard]] std::size_t bytes_approx() const;

 private:
  struct word {
    std::string written;
    std::string folded;
    bool open_before = false;
    bool open_behind = false;
  };
  // Children of a node lie side by side, ascending by their byte.
  struct node {
    std::uint32_t first_child = 0;
    std::uint16_t children = 0;
    std::uint8_t byte = 0;
    std::uint32_t falls_to = 0;  // the longest other beginning of a word that ends here
    std::uint32_t next_end = 0;  // the next node on that way where a word ends; 0: none
    std::uint32_t first_word = 0;
    std::uint32_t words = 0;  // that end here, from first_word on
  };

  void grow();
  void link();
  [[nodiscard]] std::uint32_t child_of(std::uint32_t of, std::uint8_t byte) const;
  [[nodiscard]] std::uint32_t step(std::uint32_t from, std::uint8_t byte) const;
  [[nodiscard]] const word* ending_at(std::uint32_t state, std::string_view text, std::size_t end) const;

  std::vector<word> words_;                // ascending
  std::vector<node> nodes_;                // [0]: nothing read yet
  std::vector<std::uint32_t> first_step_;  // from there, by byte: where most texts are most of the time
};

}  // namespace guildfleet::features::automod_rules
