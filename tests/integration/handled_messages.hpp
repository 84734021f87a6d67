// An account of what was handled, and how often.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

namespace guildfleet::integration {

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

}  // namespace guildfleet::integration
