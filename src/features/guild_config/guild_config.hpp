// /config: what a guild sets, seen, changed, reset and undone by its managers.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration guild_config;

}  // namespace guildfleet::features
