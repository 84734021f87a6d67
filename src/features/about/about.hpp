// /about: which bot, release, node and shard answers, and for how long it has run.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration about;

}  // namespace guildfleet::features
