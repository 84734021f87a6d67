#include "ops/import/imported_value.hpp"

#include <algorithm>
#include <cctype>

#include "ops/check/secret_words.hpp"
#include "ops/config_sections.hpp"

namespace guildfleet::ops {
namespace {

std::optional<std::string> log_level_from(std::string_view written) {
  std::string out(written);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (out == "warning") out = "warn";
  if (out == "critical" || out == "fatal") out = "error";
  if (out == "verbose" || out == "silly") out = "debug";
  const auto& names = log_level_names();
  const bool known = std::ranges::any_of(names, [&](const auto& each) { return each.first == out; });
  return known ? std::optional(out) : std::nullopt;
}

bool is_number(std::string_view text, std::uint64_t most) {
  const auto value = section_reader::parse_number(text);
  return value && *value <= most;
}

bool is_address(std::string_view text, std::initializer_list<std::string_view> schemes) {
  const auto url = parts_of_url(text);
  return url && std::ranges::find(schemes, url->scheme) != schemes.end();
}

bool fits(std::string_view path, std::string_view text) {
  if (path == "port" || path == "api.port") return is_number(text, 65'535);
  if (path == "log.format") return text == "text" || text == "json";
  if (path == "store.database_url" || path == "store.listen_url")
    return is_address(text, {"postgres", "postgresql"});
  if (path == "redis.url") return is_address(text, {"redis", "rediss"});
  if (path == "discord.api_url")
    return is_address(text, {"http", "https"}) && parts_of_url(text)->password.empty();
  if (path == "bots[].app_id" || path == "bots[].guild_id")
    return section_reader::parse_number(text) && text.size() >= 15 && text.size() <= 20;
  if (path == "bots[].shards") return text == "auto" || (is_number(text, 16'384) && text != "0");
  if (path == "store.connections") return is_number(text, 64) && text != "0";
  if (path == "store.leases") return text == "shared" || text == "local";
  if (path == "runtime.threads") return is_number(text, 64);
  return true;
}

}  // namespace

std::optional<std::string> imported_value(std::string_view path, std::string_view written) {
  if (refers_to_variable(written)) return std::string(written);
  if (path == "log.level") return log_level_from(written);
  if (!fits(path, written)) return std::nullopt;
  return std::string(written);
}

}  // namespace guildfleet::ops
