// The variables that describe one bot without a file.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/problem.hpp"
#include "base/yaml_document.hpp"

namespace guildfleet::ops {

// `path` is where the same setting stands in fleet.yaml.
struct environment_setting {
  std::string_view variable;
  std::string_view path;
  bool secret = false;  // no message shows its value
};

// All of them; each has a twin NAME_FILE that names a file with the value.
[[nodiscard]] std::span<const environment_setting> environment_settings();

// A tree of fleet.yaml's shape, made of the variables that are set. Both NAME and NAME_FILE, and a file that
// cannot be read, are reported.
struct environment_tree {
  base::yaml_node root;
  std::set<std::string> reported;  // paths that are missing from the tree because of a reported error
};
[[nodiscard]] environment_tree tree_from_environment(const base::variable_lookup& variables,
                                                     base::problem_list& problems);

}  // namespace guildfleet::ops
