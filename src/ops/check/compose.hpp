// A Compose file that a person brings, against the rules GF2xx.
#pragma once

#include <map>
#include <string>

#include "ops/check/compose_extends.hpp"
#include "ops/check/finding.hpp"

namespace guildfleet::ops {

struct compose_input {
  source_text file;
  // The files that env_file: names and that could be read, by the name as it is written there.
  std::map<std::string, std::string> env_files;
  // Of extended_files_of, those that are not there.
  std::vector<named_path> missing_files;
};

[[nodiscard]] finding_list check_compose(const compose_input& input);

}  // namespace guildfleet::ops
