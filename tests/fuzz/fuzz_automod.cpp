// A message, and behind a zero byte a server's list, an entry a line: never crashes; folded texts are UTF-8
// of bounded length; what is found is there, and what is allowed is not found.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/utf8.hpp"
#include "features/automod/message_scan.hpp"
#include "features/automod/text_folding.hpp"
#include "features/automod/word_list.hpp"

namespace {

using namespace guildfleet::features::automod_rules;

void expect(bool holds) {
  if (!holds) std::abort();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    out.emplace_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return out;
}

void judge_words(std::string_view folded_text, const std::vector<std::string>& words) {
  const word_list list(words);
  const std::string* const found = list.find_in(folded_text);
  if (found == nullptr) return;
  std::string_view bare = *found;
  if (bare.starts_with('*')) bare.remove_prefix(1);
  if (bare.ends_with('*')) bare.remove_suffix(1);
  expect(folded_text.contains(squeezed(folded(bare))));
}

void judge_places(std::string_view text, std::string_view folded_text,
                  const std::vector<std::string>& entries) {
  std::vector<std::string> domains;
  std::vector<std::string> codes;
  for (const std::string& each : entries) {
    domains.push_back(domain_of(each));
    expect(domain_of(domains.back()) == domains.back());
    codes.push_back(invite_code_of(each));
    expect(invite_code_of(codes.back()) == codes.back());
  }
  std::erase(domains, std::string());
  const std::string host = first_link(text, domains);
  for (const std::string& each : domains) expect(host != each && !host.ends_with("." + each));
  const std::string_view code = first_invite(folded_text, codes);
  expect(folded_text.contains(code));
  for (const std::string& each : codes) expect(each.empty() || code != each);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t gap = input.find('\0');
  const std::string_view text = input.substr(0, gap);
  const auto entries = lines_of(gap == std::string_view::npos ? std::string_view() : input.substr(gap + 1));
  const std::string folded_text = folded(text);
  expect(guildfleet::base::utf8_valid(folded_text) && folded_text.size() <= 3 * text.size());
  expect(squeezed(folded_text).size() <= folded_text.size());
  expect(count_mentions(text) <= text.size());
  judge_words(folded_text, entries);
  judge_places(text, folded_text, entries);
  return 0;
}
