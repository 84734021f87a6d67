// A text about a number of things. English tells one from several; Japanese does not.
#pragma once

#include <cstdint>

#include "base/text.hpp"

namespace guildfleet::base {

// constexpr counted members{"{count} member", "{count} members", "{count}人"};
// members.format(language::english, 1) == "1 member"
class counted final {
 public:
  // All three name {count}, and the same further placeholders.
  consteval counted(std::string_view one, std::string_view several, std::string_view japanese)
      : one_(one, japanese), several_(several, japanese) {
    if (!japanese.contains("{count}")) throw "what is counted needs {count}";
  }

  template <class... Args>
  [[nodiscard]] std::string format(language which, std::int64_t count, const Args&... args) const {
    return (count == 1 ? one_ : several_).format(which, fmt::arg("count", count), args...);
  }

 private:
  text one_;
  text several_;
};

}  // namespace guildfleet::base
