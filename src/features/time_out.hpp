// What a member's time-out is now, as only Discord knows.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace guildfleet::features {

// `member`: as GET /guilds/{id}/members/{id} answers. nullopt: none is set; one that is over may be.
[[nodiscard]] std::optional<base::wall_time> timed_out_until(std::string_view member);

}  // namespace guildfleet::features
