// /ping: is the bot there, and how quick is it?
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration ping;

}  // namespace guildfleet::features
