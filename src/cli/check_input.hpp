// The files that `guildfleet check` is given, read and told apart.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ops/check/env_file.hpp"
#include "ops/check/file_kind.hpp"

namespace guildfleet::cli {

struct check_file {
  ops::file_kind kind = ops::file_kind::fleet;
  ops::source_text file;
  bool from_folder = false;  // it was come upon; nobody named it
  bool is_piped = false;     // standard input or a pipe: nothing is known of it but its text
};

struct check_input {
  std::vector<check_file> files;      // each once, in the order of the arguments, folders by name
  std::vector<std::string> folders;   // of the arguments
  std::vector<std::string> failures;  // sentences: what could not be read, and where a walk found nothing
                                      // or was cut short
  std::vector<std::string> not_read;  // sentences: what was passed over, though it may hold something
};

// Folders are walked to a depth of 8, and at most 2,000 files of at most 1 MiB are read. Links in them are
// not followed, nor are .git, node_modules and other folders of tools entered. What a file does not look like
// is passed over there, and a failure where it is named. "-" is standard input; pipes are read once, their
// kind is told by what they hold. With a Compose file come the .env beside it and what its env_file names, as
// far as they can be read; "-" counts as a file of the folder where the program runs, other pipes bring none.
[[nodiscard]] check_input read_check_input(const std::vector<std::string>& paths);

// What the env_file of a Compose file names, as far as it is among `files`, by the name as it is written.
[[nodiscard]] std::map<std::string, std::string> env_files_of(const ops::source_text& compose,
                                                              const std::vector<check_file>& files);

}  // namespace guildfleet::cli
