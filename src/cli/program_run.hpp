// For tests: runs the program in this process and keeps what it wrote.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace guildfleet::cli {

// Part of a fixture. run() returns when the command ends; `facts` are what the machine tells it.
struct program_run {
  exit_code run(std::vector<std::string> arguments) {
    std::ostringstream out_stream;
    std::ostringstream err_stream;
    const exit_code code =
        run_program(command_table(), std::move(arguments), facts, {out_stream, err_stream, colours});
    out = out_stream.str();
    err = err_stream.str();
    return code;
  }

  program_facts facts;
  bool colours = false;
  std::string out;  // of the last run
  std::string err;
};

}  // namespace guildfleet::cli
