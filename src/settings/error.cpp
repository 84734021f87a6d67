#include "settings/error.hpp"

namespace guildfleet::settings {

std::string_view sentence(settings_error value) {
  switch (value) {
    case settings_error::malformed:
      return "the text is not JSON";
    case settings_error::not_an_object:
      return "the text is not a JSON object";
    case settings_error::too_large:
      return "the document is too large";
    case settings_error::too_deep:
      return "the document is nested too deeply";
    case settings_error::too_many_values:
      return "the document holds too many values";
    case settings_error::duplicate_key:
      return "an object names the same key twice";
    case settings_error::unknown_feature:
      return "no feature of this name has settings";
    case settings_error::wrong_format:
      return "this is not an export of settings that can be read here";
    case settings_error::no_such_change:
      return "there is no such change";
    case settings_error::changed_since:
      return "what this change set has been changed again since";
    case settings_error::contended:
      return "others are changing the same settings all the time";
  }
  return "unknown settings error";
}

}  // namespace guildfleet::settings
