// Deletes what breaks a server's rules, within the event, and warns or times out who wrote it.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration automod;

}  // namespace guildfleet::features
