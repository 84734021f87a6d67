// Members who use the command /echo all the time, and what became of each call.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/random.hpp"
#include "integration/action_account.hpp"
#include "integration/sim_watch.hpp"

namespace guildfleet::integration {

struct command_tally {
  std::size_t sent = 0;
  std::size_t answered = 0;
  std::size_t late = 0;        // nobody acted for their shard in time, so that nobody could answer
  std::size_t unanswered = 0;  // though somebody did
  std::size_t twice = 0;       // answers beyond the first
};

// Calls from a thread of its own, in guilds chosen at random, until stop().
class command_calls final {
 public:
  command_calls(sim_watch discord, std::uint64_t seed);
  ~command_calls();
  command_calls(const command_calls&) = delete;
  command_calls& operator=(const command_calls&) = delete;

  // What is under way has its time to be answered first.
  void stop();
  // After stop(). `shards`: of the bot.
  [[nodiscard]] command_tally tally(const action_account& account, std::uint32_t shards) const;

 private:
  struct call {
    std::string interaction;
    std::uint64_t guild = 0;
    base::steady_time at;
  };

  void run();

  sim_watch discord_;
  std::vector<std::string> guilds_;
  base::random_source random_;
  std::vector<call> calls_;
  bool ending_ = false;
  std::mutex mutex_;
  std::condition_variable ends_;
  std::thread thread_;
};

}  // namespace guildfleet::integration
