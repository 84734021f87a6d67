// Messages that stay at the bottom of their channel: what they say is a setting, which message it is at the
// moment a record. Only channels that have one cost anything.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration sticky;

}  // namespace guildfleet::features
