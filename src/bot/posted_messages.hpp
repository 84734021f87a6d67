// Which of the bot's messages are known to be whose: two effects that say the same are two messages.
#pragma once

#include <map>
#include <string>

#include "discord/model/ids.hpp"

namespace guildfleet::bot {

// One per shard, on its reactor. In memory, the newest few thousand.
class posted_messages final {
 public:
  // `nonce`: of the effect that made it.
  void note(discord::message_id message, std::string nonce) {
    of_.insert_or_assign(message, std::move(nonce));
    if (of_.size() > most) of_.erase(of_.begin());
  }
  [[nodiscard]] bool is_of_another(discord::message_id message, std::string_view nonce) const {
    const auto found = of_.find(message);
    return found != of_.end() && found->second != nonce;
  }

 private:
  static constexpr std::size_t most = 4'096;
  std::map<discord::message_id, std::string> of_;
};

}  // namespace guildfleet::bot
