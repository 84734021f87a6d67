// Voice channels that are made when a member joins a certain one, and deleted when they are empty.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration temp_voice;

}  // namespace guildfleet::features
