// Reading a text of Discord's whose root must be an object.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <optional>
#include <string_view>

namespace guildfleet::discord {

// nullopt: the text is no JSON, or its root is no object. A member that stands twice counts the last time.
[[nodiscard]] inline std::optional<boost::json::object> parse_object(std::string_view text) {
  boost::system::error_code broken;
  boost::json::value root = boost::json::parse(boost::json::string_view(text.data(), text.size()), broken);
  if (broken || !root.is_object()) return std::nullopt;
  return std::move(root.get_object());
}

}  // namespace guildfleet::discord
