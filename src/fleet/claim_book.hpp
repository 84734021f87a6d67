// For which features a bot acts in which guilds, where several bots of a fleet are in the same ones. A
// decider.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::fleet {

struct claim_timing {
  std::chrono::milliseconds refresh{10'000};     // how often claims are renewed and looked at
  std::chrono::milliseconds down_limit{60'000};  // a bot not heard of for longer loses its claims
  // After taking a claim from another bot: that one acts on until it has looked.
  std::chrono::milliseconds settle{12'000};
};

// A bit for each exclusive feature of the bot, at most 64.
using feature_bits = std::uint64_t;

// One thread.
class claim_book final {
 public:
  // `keep_when_silent`: the store is away for all bots alike, so claims stay while it is.
  claim_book(claim_timing timing, bool keep_when_silent)
      : timing_(timing), keep_when_silent_(keep_when_silent) {}

  // The store's answer to a question asked at `asked_at`: `owned` are this bot's, of which `taken` were
  // another's until then. Returns those of which the bot has just become the owner, or the only one to act.
  feature_bits learn(discord::guild_id guild, feature_bits owned, feature_bits taken,
                     base::steady_time asked_at);
  void forget(discord::guild_id guild) { guilds_.erase(guild); }

  [[nodiscard]] bool knows(discord::guild_id guild) const { return guilds_.contains(guild); }
  // Those for which the bot may act now.
  [[nodiscard]] feature_bits owned(discord::guild_id guild, base::steady_time now) const;
  [[nodiscard]] std::size_t guilds() const { return guilds_.size(); }
  // Claims held, over all guilds.
  [[nodiscard]] std::size_t held() const;

 private:
  struct entry {
    feature_bits owned = 0;
    feature_bits settling = 0;  // owned, and another may still act
    base::steady_time settled_at{};
    base::steady_time until{};
  };

  claim_timing timing_;
  bool keep_when_silent_;
  std::unordered_map<discord::guild_id, entry> guilds_;
};

}  // namespace guildfleet::fleet
