#include "features/automod/word_list.hpp"

#include <algorithm>

#include "features/automod/text_folding.hpp"

namespace guildfleet::features::automod_rules {
namespace {

// A letter or digit of a script whose words are set apart.
bool sets_words_apart(char32_t code) {
  if (code < 0x80) return (code >= U'0' && code <= U'9') || (code >= U'a' && code <= U'z');
  if (code < 0xC0 || code == 0xD7 || code == 0xF7 || code >= 0x2000) return false;
  const bool thai_or_lao = code >= 0x0E00 && code <= 0x0EFF;
  const bool myanmar_or_khmer = (code >= 0x1000 && code <= 0x109F) || (code >= 0x1780 && code <= 0x17FF);
  return !thai_or_lao && !myanmar_or_khmer;
}

char32_t first_of(std::string_view text) {
  return text.empty() ? U' ' : take_code_point(text);
}

char32_t last_of(std::string_view text) {
  if (text.empty()) return U' ';
  std::size_t at = text.size() - 1;
  while (at > 0 && text.size() - at < 4 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return first_of(text.substr(at));
}

}  // namespace

word_list::word_list(const std::vector<std::string>& words) {
  for (const std::string& each : words) {
    word one;
    one.written = each;
    std::string_view rest = each;
    if (rest.starts_with('*')) {
      one.open_before = true;
      rest.remove_prefix(1);
    }
    if (rest.ends_with('*')) {
      one.open_behind = true;
      rest.remove_suffix(1);
    }
    one.folded = squeezed(folded(rest));
    if (!one.folded.empty()) words_.push_back(std::move(one));
  }
  std::ranges::sort(words_, {}, &word::folded);
  grow();
  for (unsigned byte = 0; byte < 256; ++byte)
    first_step_.push_back(child_of(0, static_cast<std::uint8_t>(byte)));
  link();
}

void word_list::grow() {
  struct range {
    std::size_t from;
    std::size_t end;
    std::size_t depth;
  };
  std::vector<range> ranges{{0, words_.size(), 0}};
  nodes_.emplace_back();
  for (std::size_t at = 0; at < nodes_.size(); ++at) {
    auto [from, end, depth] = ranges[at];
    nodes_[at].first_word = static_cast<std::uint32_t>(from);
    while (from < end && words_[from].folded.size() == depth) ++from;
    nodes_[at].words = static_cast<std::uint32_t>(from) - nodes_[at].first_word;
    nodes_[at].first_child = static_cast<std::uint32_t>(nodes_.size());
    while (from < end) {
      const char byte = words_[from].folded[depth];
      std::size_t behind = from;
      while (behind < end && words_[behind].folded[depth] == byte) ++behind;
      ranges.push_back({from, behind, depth + 1});
      nodes_.push_back({.byte = static_cast<std::uint8_t>(byte)});
      ++nodes_[at].children;
      from = behind;
    }
  }
}

// Nodes are in the order of their depth, so what a node falls to is linked before it.
void word_list::link() {
  for (std::uint32_t parent = 0; parent < nodes_.size(); ++parent) {
    for (std::uint32_t i = 0; i < nodes_[parent].children; ++i) {
      const std::uint32_t child = nodes_[parent].first_child + i;
      node& here = nodes_[child];
      here.falls_to = parent == 0 ? 0 : step(nodes_[parent].falls_to, here.byte);
      const node& other = nodes_[here.falls_to];
      here.next_end = other.words > 0 ? here.falls_to : other.next_end;
    }
  }
}

std::uint32_t word_list::child_of(std::uint32_t of, std::uint8_t byte) const {
  const node& parent = nodes_[of];
  const auto begin = nodes_.begin() + parent.first_child;
  const auto end = begin + parent.children;
  const auto found =
      std::lower_bound(begin, end, byte, [](const node& one, std::uint8_t b) { return one.byte < b; });
  return found != end && found->byte == byte ? static_cast<std::uint32_t>(found - nodes_.begin()) : 0;
}

std::uint32_t word_list::step(std::uint32_t from, std::uint8_t byte) const {
  while (from != 0) {
    if (const std::uint32_t child = child_of(from, byte)) return child;
    from = nodes_[from].falls_to;
  }
  return first_step_[byte];
}

const word_list::word* word_list::ending_at(std::uint32_t state, std::string_view text,
                                            std::size_t end) const {
  const std::string_view behind = text.substr(end);
  for (std::uint32_t at = state; at != 0; at = nodes_[at].next_end) {
    for (std::uint32_t i = 0; i < nodes_[at].words; ++i) {
      const word& one = words_[nodes_[at].first_word + i];
      const std::string_view before = text.substr(0, end - one.folded.size());
      const bool begins =
          one.open_before || !sets_words_apart(first_of(one.folded)) || !sets_words_apart(last_of(before));
      const bool ends =
          one.open_behind || !sets_words_apart(last_of(one.folded)) || !sets_words_apart(first_of(behind));
      if (begins && ends) return &one;
    }
  }
  return nullptr;
}

const std::string* word_list::find_in(std::string_view folded_text) const {
  if (words_.empty()) return nullptr;
  std::uint32_t state = 0;
  for (std::size_t i = 0; i < folded_text.size(); ++i) {
    state = step(state, static_cast<std::uint8_t>(folded_text[i]));
    if (const word* const found = ending_at(state, folded_text, i + 1)) return &found->written;
  }
  return nullptr;
}

std::size_t word_list::bytes_approx() const {
  std::size_t out = nodes_.capacity() * sizeof(node) + words_.capacity() * sizeof(word);
  for (const word& each : words_) out += each.written.capacity() + each.folded.capacity();
  return out;
}

}  // namespace guildfleet::features::automod_rules
