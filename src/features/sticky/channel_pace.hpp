// When the sticky message of one channel is posted again. Pure: what it is told of messages and times
// decides.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::features {

struct pace_limits {
  std::chrono::milliseconds delay{5'000};     // after the last message
  std::chrono::milliseconds longest{30'000};  // after the first one below the sticky message
  bool operator==(const pace_limits&) const = default;
};

class channel_pace final {
 public:
  // What a message brings about.
  struct step {
    bool begins = false;             // the first one below the sticky message
    std::chrono::milliseconds wait;  // until it is posted again, if nothing else is said
  };
  // nullopt: nothing. It stands above the sticky message, or that is being posted. A bot's message is
  // followed after `longest` only: two bots that both want to be last must not chase each other.
  [[nodiscard]] std::optional<step> on_message(discord::message_id id, bool of_bot, base::steady_time now,
                                               const pace_limits& limits);

  // The sticky message as it is in the channel; what came before it does not count any more.
  void stands(discord::message_id id);

  void begin_posting() { posting_ = true; }
  // How that ended: with this message, or without one (empty). The message that has come below since then;
  // empty: none, it is the last one.
  [[nodiscard]] discord::message_id end_posting(discord::message_id posted);

  // As if nothing had come.
  void reset() { first_ = {}; }

  // The first message below the sticky one; empty: none.
  [[nodiscard]] discord::message_id first_below() const { return first_; }
  [[nodiscard]] discord::message_id sticky() const { return sticky_; }
  // When first_below() came.
  [[nodiscard]] base::steady_time since() const { return since_; }

 private:
  discord::message_id sticky_;
  discord::message_id first_;
  discord::message_id newest_while_posting_;
  base::steady_time since_{};
  base::steady_time due_{};
  bool posting_ = false;
};

}  // namespace guildfleet::features
