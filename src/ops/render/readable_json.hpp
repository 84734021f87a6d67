// JSON for people: a line for each member, so that differences can be read.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace guildfleet::ops {

// Indented by two. Objects and lists that hold neither, and are short, stay in one line. Without a line end.
[[nodiscard]] std::string readable_json(const boost::json::value& value);

}  // namespace guildfleet::ops
