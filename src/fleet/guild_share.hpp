// Which part of a bot's guilds a new release serves. A guild or shard that is in stays in as the share grows.
// Whole shards as far as they suffice; the rest are guilds of one further shard, whose owner delegates them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "discord/model/ids.hpp"

namespace guildfleet::fleet {

// So that two rollouts do not try everything on the same guilds.
[[nodiscard]] std::uint64_t share_salt(std::string_view bot, std::string_view release);

// An even spread: about `share` (0 to 1) of all guilds are in.
[[nodiscard]] bool in_share(discord::guild_id guild, std::uint64_t salt, double share);

struct release_places {
  std::vector<bool> whole;  // of each shard: the new release runs it
  std::optional<discord::shard_id>
      delegating;              // a shard of the old release, some of whose guilds are delegated
  double delegated_share = 0;  // of its guilds
};

// floor(share x count) whole shards, all of them at 1. With one shard everything below 1 is delegated.
[[nodiscard]] release_places places_at(std::uint32_t count, std::uint64_t salt, double share);

// The guild's shard stays with the old release, and the guild itself is the new one's. `chosen`: guilds that
// a person named, whatever the share.
[[nodiscard]] bool delegated(const release_places& places, discord::guild_id guild, std::uint64_t salt,
                             std::span<const discord::guild_id> chosen);

}  // namespace guildfleet::fleet
