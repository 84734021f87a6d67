// What Discord adds to the embeds and components that it is sent, before it shows them.
#pragma once

#include "sim/world/ids.hpp"

namespace guildfleet::sim {

// Works on a message's fields: embed types, component ids counted from 1, defaults of components.
void normalize_message(json::object& fields);

}  // namespace guildfleet::sim
