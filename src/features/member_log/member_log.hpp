// A log of who joins and leaves: account age, invite, length of stay, the server's own words.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration member_log;

}  // namespace guildfleet::features
