// A program that a test runs beside itself.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "support/waiting.hpp"

namespace guildfleet::support {

struct child_settings {
  std::vector<std::string> command;                // the program and its arguments
  std::map<std::string, std::string> environment;  // all of it, but PATH and the sanitizers' options
  std::filesystem::path folder;                    // where it runs
  std::filesystem::path out;                       // what it writes to stdout; appended
  std::filesystem::path err;                       // and to stderr; appended
};

// Killed, and waited for, at the latest when this goes; it dies with the test, too.
class child_process final {
 public:
  explicit child_process(child_settings settings);
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;
  // SIGSTOP, and back only when every thread stands: until then they run on. False: it ended before.
  [[nodiscard]] bool freeze() const;
  // Its exit code, or minus the signal that ended it; nullopt: it runs on.
  [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds limit);
  [[nodiscard]] bool running() { return !wait(std::chrono::milliseconds(0)); }
  // True as soon as `condition`, which looks at what the process wrote, holds; false when it does not within
  // `limit`, or can hold no more because the process ended.
  [[nodiscard]] bool writes(std::chrono::milliseconds limit, const std::function<bool()>& condition);
  // What it wrote until now.
  [[nodiscard]] std::string out() const;
  [[nodiscard]] std::string err() const;
  [[nodiscard]] std::string command_line() const;  // as every user of the machine can read it
  [[nodiscard]] std::size_t resident_bytes() const;

 private:
  child_settings settings_;
  pid_t pid_;
  handle end_;  // readable once the process has ended
  std::optional<int> ended_;
};

[[nodiscard]] std::string read_file(const std::filesystem::path& path);

}  // namespace guildfleet::support
