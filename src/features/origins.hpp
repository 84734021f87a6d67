// What an interaction made, remembered under its id for a day: when the interaction comes again after a
// crash, nothing is made twice. Records of the kind "origin".
#pragma once

#include "features/records.hpp"

namespace guildfleet::features {

// The number of what it made; nullopt: nothing yet.
[[nodiscard]] net::task<base::result<std::optional<std::uint64_t>>> number_made_by(
    record_port& records, discord::guild_id guild, discord::interaction_id by);
// To be written with what it made. Refused as a conflict when another attempt was faster.
[[nodiscard]] store::record_change made_by(discord::guild_id guild, discord::interaction_id by,
                                           std::uint64_t number);

}  // namespace guildfleet::features
