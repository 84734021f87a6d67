#include "bot/ownership_gauges.hpp"

#include <algorithm>

#include "fleet/rollout_view.hpp"

namespace guildfleet::bot {

void show_ownership(base::metrics& metrics, const store::fleet_picture& seen) {
  for (const store::bot_name& bot : fleet::served_bots(seen)) {
    const std::uint32_t count = fleet::shard_count_of(seen, bot);
    const auto owned = std::ranges::count_if(seen.leases, [&](const store::lease_row& lease) {
      return lease.key.bot == bot && lease.key.shard.count == count && lease.is_owned();
    });
    metrics.gauge_of("guildfleet_fleet_shards", "Shards of the bot, over all nodes", {{"bot", bot.value}})
        .set(count);
    metrics
        .gauge_of("guildfleet_fleet_shards_unowned", "Of those, shards that no node owns",
                  {{"bot", bot.value}})
        .set(static_cast<double>(count) - static_cast<double>(owned));
  }
}

}  // namespace guildfleet::bot
