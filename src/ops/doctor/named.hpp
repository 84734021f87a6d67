// Names in one finding: the first of them, and how many more there are.
#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>
#include <string_view>
#include <vector>

namespace guildfleet::ops::doctor {

struct naming {
  std::size_t most = 5;
  std::string_view between = ", ";
  bool cut = false;  // who looked stopped at a limit: there may be more than `all`
};

// "a, b and 4 more"; where `all` is cut "a, b and at least 4 more", or "a, b and perhaps more".
[[nodiscard]] inline std::string named(const std::vector<std::string>& all, const naming& how = {}) {
  const std::size_t shown = std::min(all.size(), how.most);
  std::string out = fmt::format(
      "{}", fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), how.between));
  if (shown < all.size())
    out += fmt::format(" and {}{} more", how.cut ? "at least " : "", all.size() - shown);
  else if (how.cut)
    out += " and perhaps more";
  return out;
}

}  // namespace guildfleet::ops::doctor
