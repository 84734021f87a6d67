// Discord's ISO 8601 times (protocol sheet 2.1).
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace guildfleet::discord {

// "2017-07-11T17:27:07.299000+00:00", with or without fraction and offset, or "Z". Milliseconds are kept;
// nullopt when it is not such a text.
[[nodiscard]] std::optional<base::wall_time> parse_timestamp(std::string_view text);

}  // namespace guildfleet::discord
