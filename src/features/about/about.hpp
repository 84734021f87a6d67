// /about: which bot, release, node and shard answers, for how long it has run, and which variants of features
// the server has.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration about;

}  // namespace guildfleet::features
