// Experiments that want different variants of one feature for one guild.
#pragma once

#include "ops/fleet_config.hpp"
#include "ops/section_reader.hpp"

namespace guildfleet::ops {

// A warning at the later of two experiments that may disagree about a guild: the one before it counts there.
// Those that are over by `now` disagree with nobody.
void warn_of_overlaps(const fleet_config& config, base::wall_time now, reader_context& context);

}  // namespace guildfleet::ops
