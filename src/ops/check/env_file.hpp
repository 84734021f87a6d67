// A .env file that a person brings, against the rules GF5xx.
#pragma once

#include "ops/check/finding.hpp"

namespace guildfleet::ops {

enum class git_state {
  outside,    // of a repository, or ignored by it
  unguarded,  // in a repository that neither has nor ignores it
  tracked,
};

// What the text does not tell.
struct env_file_input {
  source_text file;
  bool readable_by_others = false;
  git_state git = git_state::outside;
  bool template_file = false;  // .env.example: it holds no secrets, and git may have it
};

[[nodiscard]] finding_list check_env_file(const env_file_input& input);

// GF513: git has a file that holds nothing but a secret. It was not opened.
[[nodiscard]] finding tracked_secret_file(const std::string& path);

}  // namespace guildfleet::ops
