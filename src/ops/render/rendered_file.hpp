// What render writes. Renderers are pure: from the configuration to texts.
#pragma once

#include <string>
#include <vector>

namespace guildfleet::ops {

struct rendered_file {
  std::string path;  // below the folder that is rendered into, with slashes
  std::string text;
  bool executable = false;
};

struct rendering {
  std::vector<rendered_file> files;
  std::vector<std::string> next;  // what a person does then, a command or a sentence each
};

// The first lines of every rendered file: where it comes from. `mark` begins a comment ("# ").
[[nodiscard]] std::string header_of(const std::string& command, const std::string& mark = "# ");

}  // namespace guildfleet::ops
