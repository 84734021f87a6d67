// What to do about an effect at Discord that may have been done before. Pure.
#pragma once

#include <string>

#include "store/rows.hpp"

namespace guildfleet::fleet {

enum class effect_step {
  perform,     // nobody has, or Discord itself sees that it is a repeat
  look_first,  // it may have been done: look for it, and perform it only when it is not there
  known,       // it was done; the outcome tells what came of it
};

// `has_nonce`: Discord remembers the nonce of a message for some minutes (protocol sheet 2.8); two are
// trusted.
[[nodiscard]] effect_step next_step(const store::announced_effect& announced, bool has_nonce);

// 24 characters, as Discord takes at most 25; the same for the same key.
[[nodiscard]] std::string nonce_of(const store::effect_key& key);

}  // namespace guildfleet::fleet
