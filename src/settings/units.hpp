// What whole numbers count. A schema names the unit in English, as JSON Schema does ("messages"); people read
// "1 message" or "1件".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace guildfleet::settings {

// The number alone for "", and for a unit that has no words here (has_words).
[[nodiscard]] std::string with_unit(std::int64_t count, std::string_view unit, base::language which);
[[nodiscard]] bool has_words(std::string_view unit);

}  // namespace guildfleet::settings
