#include "discord/model/json_fields.hpp"

namespace guildfleet::discord {
namespace {

using simdjson::ondemand::json_type;

bool is(json_value& value, json_type wanted) {
  json_type type{};
  return value.type().get(type) == simdjson::SUCCESS && type == wanted;
}

}  // namespace

std::uint64_t read_snowflake(json_value& value) {
  if (is(value, json_type::string)) return parse_snowflake(read_text(value)).value_or(0);
  std::uint64_t number = 0;
  if (!is(value, json_type::number) || value.get_uint64().get(number) != simdjson::SUCCESS) return 0;
  return number;
}

std::string_view read_text(json_value& value) {
  std::string_view text;
  if (!is(value, json_type::string) || value.get_string().get(text) != simdjson::SUCCESS) return {};
  return text;
}

std::int64_t read_integer(json_value& value, std::int64_t otherwise) {
  std::int64_t number = 0;
  if (!is(value, json_type::number) || value.get_int64().get(number) != simdjson::SUCCESS) return otherwise;
  return number;
}

bool read_flag(json_value& value) {
  bool flag = false;
  return is(value, json_type::boolean) && value.get_bool().get(flag) == simdjson::SUCCESS && flag;
}

}  // namespace guildfleet::discord
