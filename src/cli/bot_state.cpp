#include "cli/bot_state.hpp"

#include <algorithm>

namespace guildfleet::cli {

bot_state state_of(const bot::bot_health& bot) {
  const auto fine = [](const bot::shard_health& shard) {
    return !shard.held || shard.state == bot::shard_state::connected;
  };
  if (bot.stopped || bot.shards.empty() || !std::ranges::all_of(bot.shards, fine))
    return bot_state::not_ready;
  return held_shards(bot) == 0 ? bot_state::standby : bot_state::ready;
}

std::size_t held_shards(const bot::bot_health& bot) {
  return static_cast<std::size_t>(std::ranges::count(bot.shards, true, &bot::shard_health::held));
}

}  // namespace guildfleet::cli
