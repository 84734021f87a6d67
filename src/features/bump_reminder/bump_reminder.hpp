// Notices bumps on DISBOARD and Dissoku, and reminds when the server can be bumped again. Only servers that
// switched it on cost anything.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration bump_reminder;

}  // namespace guildfleet::features
