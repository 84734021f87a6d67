// Settings as they are typed on the command line: FEATURE.FIELD and a value.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "settings/schema.hpp"

namespace guildfleet::cli {

struct setting_path {
  std::string feature;
  std::string field;
};
// "guild-config.language"; nullopt: no dot, or nothing beside it.
[[nodiscard]] std::optional<setting_path> parse_setting_path(std::string_view text);

// `text` as the field wants it: true and false, whole numbers, JSON for lists and objects, else a text. What
// does not fit stays a text, so that the validation names what is wrong.
[[nodiscard]] boost::json::value typed_value(const settings::field& field, std::string_view text);

}  // namespace guildfleet::cli
