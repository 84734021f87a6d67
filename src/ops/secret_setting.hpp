// A setting that is a secret: in KEY, or in the file that KEY_file names.
#pragma once

#include <string>

#include "base/secret.hpp"
#include "base/variables.hpp"
#include "ops/section_reader.hpp"

namespace guildfleet::ops {

struct secret_setting {
  std::string key;     // under which it was given, for messages about it
  base::secret value;  // empty: not given, or not readable (reported)
};

// Both given is reported, and so is a file that everybody on this machine can read.
[[nodiscard]] secret_setting read_secret_setting(section_reader& reader, std::string_view key,
                                                 const base::variable_lookup& variables);

}  // namespace guildfleet::ops
