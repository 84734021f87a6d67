// Reads author, channel and content of every message and counts them: for measuring what reading costs.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration probe;
// The same intents without a reader.
extern const feature_declaration probe_idle;

}  // namespace guildfleet::features
