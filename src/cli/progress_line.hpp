// What a command is busy with, for somebody who waits at a terminal.
#pragma once

#include <memory>
#include <string>

#include "cli/terminal.hpp"

namespace guildfleet::cli {

// On a terminal, one line on `to.err` that is rewritten in place: it appears when the command has taken two
// seconds. Elsewhere nothing is written. Nothing else may write to `to.err` while it lives.
class progress_line final {
 public:
  explicit progress_line(const terminal& to);
  ~progress_line();  // takes the line away
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void tell(std::string what);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;  // null: not on a terminal
};

}  // namespace guildfleet::cli
