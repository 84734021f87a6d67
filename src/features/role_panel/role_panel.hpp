// /role-panel: messages with buttons or a menu by which members give themselves roles.
#pragma once

#include "features/feature.hpp"

namespace guildfleet::features {

extern const feature_declaration role_panel;

}  // namespace guildfleet::features
