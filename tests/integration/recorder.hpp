// Features for tests: one that writes down every message it has handled, one whose effects can be counted at
// Discord, and one that misbehaves.
#pragma once

#include <cstdint>

#include "features/feature.hpp"

namespace guildfleet::integration {

struct handled_message {
  std::string_view bot;
  discord::shard_id shard;
  std::uint64_t message = 0;
  base::steady_time begun{};  // its handler
};

// Told at the end of each handler, on the shard's reactor; outlives every fleet that has the feature.
class message_log {
 public:
  virtual ~message_log() = default;
  virtual void handled(const handled_message& what) = 0;
};
void record_messages_in(message_log* log);

// Counts messages through the log above, but for echoes; each sixteenth keeps its guild waiting for some
// milliseconds. Commands: /burst answers and sends six messages after it, which is more than Discord's bucket
// takes at once.
extern const features::feature_declaration recorder;

// Posts "seen ID", an echo, for each message whose id is a multiple of `each` (0: none), and tries until
// it has succeeded. Command: /echo, answered once.
void echo_each(std::uint64_t each);
extern const features::feature_declaration echo;

// What is wrong with a release: "throws" at every fiftieth message; "slow" answers of /work, after 1.2 s;
// "leaks" some kilobytes with each message. Nothing by default: /work is answered at once.
void choose_flaw(const std::string& flaw);
extern const features::feature_declaration flawed;

// /slow answers after 3.4 s; /broken throws; every message makes its handler throw.
extern const features::feature_declaration nuisance;

}  // namespace guildfleet::integration
