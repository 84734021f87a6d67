// The syntax of nginx's configuration: directives, their arguments and blocks, and where each stands. What
// the directives mean is not its business, and includes are not followed.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"

namespace guildfleet::ops {

struct nginx_directive {
  std::string name;  // of an entry of map, geo, types, split_clients: its first word, possibly empty
  base::text_position at;
  std::vector<std::string> arguments;  // without their quotes
  bool is_block = false;
  std::vector<nginx_directive> block;  // a Lua block's text is passed over

  // Empty when there are fewer.
  [[nodiscard]] std::string_view argument(std::size_t index) const;
  [[nodiscard]] bool has_argument(std::string_view value) const;
  // The first one of this name directly inside; nullptr when there is none.
  [[nodiscard]] const nginx_directive* find(std::string_view wanted) const;
};

struct nginx_syntax_error {
  base::text_position at;
  std::string message;
};

struct nginx_limits {
  std::size_t max_bytes = 1U << 20U;
  std::size_t max_depth = 32;
  std::size_t max_words = 100'000;
};

// The file as the block of a directive without a name.
[[nodiscard]] std::expected<nginx_directive, nginx_syntax_error> parse_nginx(std::string_view text,
                                                                             const nginx_limits& limits = {});

}  // namespace guildfleet::ops
