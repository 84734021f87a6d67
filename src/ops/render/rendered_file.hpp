// What render writes. Renderers are pure: from the configuration to texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace guildfleet::ops {

struct rendered_file {
  std::string path;  // below the folder that is rendered into, with slashes
  std::string text;
  bool executable = false;
  bool yields = false;  // a file of somebody else in its place stays, and may do what this one does
};

struct rendering {
  std::vector<rendered_file> files;
  std::vector<std::string> next;  // what a person does then, a command or a sentence each
  // Folders that the target writes into, as `path`. Files with its head that are there and not among `files`
  // are left-overs of another fleet.yaml.
  std::vector<std::string> folders{};
};

// The first lines of every rendered file: where it comes from. `mark` begins a comment ("# ").
[[nodiscard]] std::string header_of(const std::string& command, const std::string& mark = "# ");

// "compose", where the head of a text says that `guildfleet render compose` wrote it; empty: somebody else
// did.
[[nodiscard]] std::string_view target_that_wrote(std::string_view text);

}  // namespace guildfleet::ops
