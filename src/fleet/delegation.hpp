// Who acts for some guilds of a shard while another node has the session. A decider.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fleet/guild_share.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::fleet {

struct delegation {
  std::string release{};  // of the guest
  store::node_identity guest{};
  store::node_row owner{};
  release_places places{};
  std::uint64_t salt = 0;
  std::vector<discord::guild_id> chosen{};

  [[nodiscard]] bool covers(discord::guild_id guild) const { return delegated(places, guild, salt, chosen); }
};

// Whether both are about the same nodes and guilds.
[[nodiscard]] bool same(const delegation& one, const delegation& other);

}  // namespace guildfleet::fleet
