// What the node of a chaos run tells its driver: a line "<bot> <message>" for each message that it has
// handled.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>

#include "support/waiting.hpp"

namespace guildfleet::chaos {

// How often each message was handled, and by which runs of the node.
class handled_messages final {
 public:
  // A new run of the node begins; `forgiven`: the one before it was killed, so the last of what it did may be
  // done again.
  void begin_run(bool forgiven);
  void add(const std::string& bot, std::uint64_t message);

  [[nodiscard]] std::size_t distinct(const std::string& bot) const;
  [[nodiscard]] std::size_t handled_twice() const;
  [[nodiscard]] std::size_t repeated_after_kill() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::unordered_map<std::uint64_t, int>> last_run_;  // that handled the message
  std::set<int> after_kill_;                                                // runs that followed a kill
  int run_ = 0;
  std::size_t twice_ = 0;
  std::size_t repeated_ = 0;
};

// Follows the file that a node writes its lines to.
class line_reader final {
 public:
  line_reader(const std::string& path, handled_messages& to);
  ~line_reader();  // reads to the end of the file

 private:
  void follow();
  bool read_more();

  support::handle file_;
  support::handle end_;  // readable once the destructor runs
  support::file_watch growth_;
  handled_messages& to_;
  std::string rest_;
  std::thread thread_;
};

}  // namespace guildfleet::chaos
