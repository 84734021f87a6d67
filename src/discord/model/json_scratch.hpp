// The simdjson parser of this thread. Include it in .cpp files only: simdjson is a large header.
#pragma once

#include <simdjson.h>
#include <string_view>

namespace guildfleet::discord {

// Starts reading `json`, which has at least 64 readable bytes behind it. One parser serves a whole thread
// because its tables grow with the largest document; they are given back after a very large one. The document
// and all that is got from it are valid until the next call on this thread.
[[nodiscard]] simdjson::simdjson_result<simdjson::ondemand::document> read_json(std::string_view json);

}  // namespace guildfleet::discord
