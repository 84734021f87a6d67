#include "cli/setting_text.hpp"

#include <boost/json/parse.hpp>
#include <charconv>

namespace guildfleet::cli {

std::optional<setting_path> parse_setting_path(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return std::nullopt;
  return setting_path{std::string(text.substr(0, dot)), std::string(text.substr(dot + 1))};
}

boost::json::value typed_value(const settings::field& field, std::string_view text) {
  using settings::field_kind;
  if (field.is_list() || field.kind == field_kind::object) {
    boost::system::error_code wrong;
    auto parsed = boost::json::parse(text, wrong);
    if (!wrong) return parsed;
  } else if (field.kind == field_kind::boolean && (text == "true" || text == "false")) {
    return text == "true";
  } else if (field.kind == field_kind::integer || field.kind == field_kind::duration) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed == std::errc() && end == text.data() + text.size()) return number;
  }
  return boost::json::string(text);
}

}  // namespace guildfleet::cli
