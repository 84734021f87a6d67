#include "sim/control/arguments.hpp"

#include <boost/json/parse.hpp>
#include <charconv>

#include "sim/gateway/client_message.hpp"

namespace guildfleet::sim {

namespace json = boost::json;

std::expected<arguments, std::string> arguments::of(const net::http_request& request) {
  arguments out;
  if (!request.body.empty()) {
    json::error_code error;
    json::value body = json::parse(request.body, error);
    if (error || !body.is_object()) return std::unexpected("the body is not a JSON object");
    out.body_ = std::move(body.get_object());
  }
  for (const char* key : {"wait", "bot", "shard", "session"})
    if (const auto value = request.query_value(key); value && !out.has(key)) out.body_[key] = *value;
  return out;
}

std::string arguments::text(std::string_view key, std::string_view otherwise) const {
  const json::value* value = body_.if_contains(key);
  if (value == nullptr) return std::string(otherwise);
  if (value->is_string()) return value->get_string().c_str();
  if (value->is_int64()) return std::to_string(value->get_int64());
  if (value->is_uint64()) return std::to_string(value->get_uint64());
  return std::string(otherwise);
}

id arguments::snowflake(std::string_view key) const {
  const json::value* value = body_.if_contains(key);
  return value == nullptr ? 0 : to_id(*value).value_or(0);
}

double arguments::real(std::string_view key, double otherwise) const {
  const json::value* value = body_.if_contains(key);
  if (value == nullptr) return otherwise;
  if (value->is_double()) return value->get_double();
  if (value->is_int64()) return static_cast<double>(value->get_int64());
  if (!value->is_string()) return otherwise;
  double number = 0;
  const std::string_view text = value->get_string();
  return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{} ? number
                                                                                           : otherwise;
}

std::int64_t arguments::number(std::string_view key, std::int64_t otherwise) const {
  return static_cast<std::int64_t>(real(key, static_cast<double>(otherwise)));
}

bool arguments::flag(std::string_view key, bool otherwise) const {
  const json::value* value = body_.if_contains(key);
  return value != nullptr && value->is_bool() ? value->get_bool() : otherwise;
}

std::chrono::milliseconds arguments::time(std::string_view key, std::chrono::milliseconds otherwise) const {
  return std::chrono::milliseconds(number(key, otherwise.count()));
}

json::object arguments::object(std::string_view key) const {
  const json::value* value = body_.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : json::object{};
}

std::vector<std::string> arguments::texts(std::string_view key) const {
  std::vector<std::string> out;
  const json::value* value = body_.if_contains(key);
  if (value == nullptr || !value->is_array()) return out;
  for (const json::value& entry : value->get_array())
    if (entry.is_string()) out.emplace_back(entry.get_string().c_str());
  return out;
}

}  // namespace guildfleet::sim
