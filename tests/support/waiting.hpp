// Waiting for what the kernel tells: a process that ends, a file that grows. Linux.
#pragma once

#include <chrono>
#include <filesystem>
#include <initializer_list>

namespace guildfleet::support {

using wait_end = std::chrono::steady_clock::time_point;

// A file descriptor, closed when this goes.
class handle final {
 public:
  // Throws std::system_error with `what` when `number` is none.
  handle(int number, const char* what);
  ~handle();
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;

  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

// True as soon as one of them can be read from; false when none can until then. It is looked at once at
// least.
[[nodiscard]] bool wait_readable(std::initializer_list<const handle*> any_of, wait_end until);

// Readable when one of its files was written to after add() and the last take().
class file_watch final {
 public:
  file_watch();
  void add(const std::filesystem::path& file);  // it must exist
  void take();                                  // never waits
  [[nodiscard]] const handle& news() const { return news_; }

 private:
  handle news_;
};

}  // namespace guildfleet::support
