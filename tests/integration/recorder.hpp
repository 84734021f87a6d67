// A feature for tests that writes down every message it has handled, and commands that misbehave.
#pragma once

#include <cstdint>

#include "features/feature.hpp"

namespace guildfleet::integration {

// Told at the end of each handler, on the shard's reactor; outlives every fleet that has the feature.
class message_log {
 public:
  virtual ~message_log() = default;
  virtual void handled(std::string_view bot, std::uint64_t message) = 0;
};
void record_messages_in(message_log* log);

// Counts messages through the log above; each sixteenth keeps its guild waiting for some milliseconds.
// Commands: /burst answers and sends six messages after it, which is more than Discord's bucket takes at
// once.
extern const features::feature_declaration recorder;

// /slow answers after 3.4 s; /broken throws; every message makes its handler throw.
extern const features::feature_declaration nuisance;

}  // namespace guildfleet::integration
