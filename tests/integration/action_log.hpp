// What a node tells its driver of the messages it has handled: a line on stdout for each.
#pragma once

#include <functional>
#include <optional>
#include <thread>

#include "integration/recorder.hpp"
#include "support/waiting.hpp"

namespace guildfleet::integration {

struct node_action {
  std::string bot;
  std::uint32_t shard = 0;  // its index
  std::uint64_t message = 0;
  base::steady_time begun{};  // its handler
};

// One write a line, so that a kill cannot lose what was handled before it, nor break a line.
class printed_messages final : public message_log {
 public:
  void handled(const handled_message& what) override;
};

// Of a line without its end; nullopt: it is none of those.
[[nodiscard]] std::optional<node_action> read_action(std::string_view line);

// Follows the file that a node writes its lines to, on a thread of its own, which calls `to`.
class action_reader final {
 public:
  using receiver = std::function<void(node_action)>;

  action_reader(const std::string& path, receiver to);
  ~action_reader();  // reads to the end of the file

 private:
  void follow();
  bool read_more();

  support::handle file_;
  support::handle end_;  // readable once the destructor runs
  support::file_watch growth_;
  receiver to_;
  std::string rest_;
  std::thread thread_;
};

}  // namespace guildfleet::integration
