// /help: what this bot can do, made from its registered commands.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration help;

}  // namespace guildfleet::features
