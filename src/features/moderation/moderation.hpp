// Warnings, time-outs, kicks and bans with cases; purges after a look at what they would take.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration moderation;

}  // namespace guildfleet::features
