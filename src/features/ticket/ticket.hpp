// Tickets: channels of their own in which a member talks to those who run a server.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration ticket;

}  // namespace guildfleet::features
