#include "cli/text_difference.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <vector>

namespace guildfleet::cli {
namespace {

constexpr std::size_t around = 3;

struct change {
  char mark;  // ' ', '-', '+'
  std::string_view line;
};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// The longest common part of both, from each place to the end.
class common_lengths final {
 public:
  common_lengths(const std::vector<std::string_view>& before, const std::vector<std::string_view>& after)
      : width_(after.size() + 1), lengths_((before.size() + 1) * width_, 0) {
    for (std::size_t i = before.size(); i-- > 0;) {
      for (std::size_t j = after.size(); j-- > 0;)
        lengths_[i * width_ + j] =
            before[i] == after[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  [[nodiscard]] std::uint32_t at(std::size_t i, std::size_t j) const { return lengths_[i * width_ + j]; }

 private:
  std::size_t width_;
  std::vector<std::uint32_t> lengths_;
};

std::vector<change> changes_of(const std::vector<std::string_view>& before,
                               const std::vector<std::string_view>& after) {
  const common_lengths common(before, after);
  std::vector<change> out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      out.push_back({' ', before[i++]});
      ++j;
    } else if (j == after.size() || (i < before.size() && common.at(i + 1, j) >= common.at(i, j + 1))) {
      out.push_back({'-', before[i++]});
    } else {
      out.push_back({'+', after[j++]});
    }
  }
  return out;
}

bool is_shown(const std::vector<change>& all, std::size_t place) {
  const std::size_t first = place < around ? 0 : place - around;
  const std::size_t last = std::min(all.size(), place + around + 1);
  return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(first),
                     all.begin() + static_cast<std::ptrdiff_t>(last),
                     [](const change& each) { return each.mark != ' '; });
}

}  // namespace

std::string text_difference(std::string_view name, std::string_view before, std::string_view after) {
  if (before == after) return {};
  const auto all = changes_of(lines_of(before), lines_of(after));
  std::string out = fmt::format("--- {0}\n+++ {0}\n", name);
  bool gap = true;
  std::size_t line = 1;  // of what was before
  for (std::size_t place = 0; place < all.size(); ++place) {
    const bool shown = is_shown(all, place);
    if (shown && gap) out += fmt::format("@@ line {} @@\n", line);
    if (shown) out += fmt::format("{}{}\n", all[place].mark, all[place].line);
    gap = !shown;
    if (all[place].mark != '+') ++line;
  }
  return out;
}

}  // namespace guildfleet::cli
