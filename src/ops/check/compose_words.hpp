// What a service says outside of its environment: command lines, arguments of the build, labels.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ops/check/compose_file.hpp"

namespace guildfleet::ops {

struct compose_word {
  std::string name;        // of --name=value, --name value and NAME=value, without dashes; empty: it has none
  std::string value;       // as written; may be a secret
  std::string_view place;  // "command", "build.args", ...
  base::text_position at;
};

// In the order of the places; at most 1,000.
[[nodiscard]] std::vector<compose_word> words_of(const compose_service& service);

// What the word holds by itself; empty where it needs a variable. On a command line "$$X" is one too, of a
// shell in the container. That of a secret is one.
[[nodiscard]] std::string own_text_of(const compose_word& word);

// By its form, or by what the word is called. A file's path is none.
[[nodiscard]] bool is_bot_token(const compose_word& word);
[[nodiscard]] bool is_secret(const compose_word& word);

}  // namespace guildfleet::ops
