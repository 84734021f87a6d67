#pragma once
// /ping: is the bot there, and how quick is it?

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration ping;

}  // namespace guildfleet::features
