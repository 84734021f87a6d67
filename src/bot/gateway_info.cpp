#include "bot/gateway_info.hpp"

#include "discord/rest/error.hpp"
#include "discord/rest/json_object.hpp"

namespace guildfleet::bot {
namespace {

namespace json = boost::json;

constexpr const char* check_address =
    "Check that DISCORD_API_URL points to Discord's API: it ends with /api.";

std::uint32_t number_or(const json::object& from, std::string_view key, std::uint32_t otherwise) {
  const json::value* value = from.if_contains(key);
  if (value == nullptr || !value->is_int64() || value->as_int64() < 0) return otherwise;
  return static_cast<std::uint32_t>(value->as_int64());
}

}  // namespace

base::result<application_info> read_application(std::string_view text) {
  const auto body = discord::parse_object(text);
  const auto text_at = [](const json::object& from, std::string_view key) {
    const json::value* value = from.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
  };
  const auto id = body ? discord::parse_snowflake(text_at(*body, "id")) : std::nullopt;
  if (!id) return base::fail(discord::rest_error::malformed_response, "GET /applications/@me");
  application_info info{{*id}, text_at(*body, "name")};
  if (const json::value* user = body->if_contains("bot"); user != nullptr && user->is_object())
    info.user_name = text_at(user->as_object(), "username");
  return info;
}

base::error explain_gateway_failure(const base::error& failure) {
  if (failure.code() != make_error_code(discord::rest_error::not_found)) return failure;
  return base::error(failure.code(), failure.context(), check_address);
}

base::result<gateway_info> read_gateway_info(std::string_view text) {
  const auto body = discord::parse_object(text);
  const json::value* url = body ? body->if_contains("url") : nullptr;
  if (url == nullptr || !url->is_string()) {
    return base::fail(discord::rest_error::malformed_response, "GET /gateway/bot", check_address);
  }
  gateway_info info;
  info.url = std::string(url->as_string());
  info.shards = std::max(1U, number_or(*body, "shards", 1));
  if (const json::value* value = body->if_contains("session_start_limit");
      value != nullptr && value->is_object()) {
    const json::object& limit = value->as_object();
    info.limit.total = number_or(limit, "total", info.limit.total);
    info.limit.remaining = number_or(limit, "remaining", info.limit.remaining);
    info.limit.reset_after = std::chrono::milliseconds(number_or(limit, "reset_after", 0));
    info.limit.max_concurrency = std::max(1U, number_or(limit, "max_concurrency", 1));
  }
  return info;
}

}  // namespace guildfleet::bot
