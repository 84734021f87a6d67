#include "store/redis/redis_settings_cache.hpp"

#include <boost/json/parse.hpp>
#include <charconv>

#include "base/json_text.hpp"

namespace guildfleet::store {
namespace {

// Versions stay below 2^53, so that Lua's numbers hold them.
constexpr const char* keep_if_newer = R"lua(
local there = redis.call('HGET', KEYS[1], 'version')
if there and tonumber(there) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'row', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1)lua";

std::string text_of_row(const settings_row& row) {
  base::json_writer json;
  json.begin_object().key("version").string(std::to_string(row.version));
  json.key("who").string(row.author.who).key("origin").string(name_of(row.author.origin));
  json.key("at").string(std::to_string(row.changed_at.time_since_epoch().count()));
  if (row.document) json.key("document").string(*row.document);
  json.end_object();
  return json.take();
}

std::optional<std::string> member(const boost::json::object& from, std::string_view key) {
  const auto* found = from.if_contains({key.data(), key.size()});
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return std::string(found->as_string());
}

template <class Number>
std::optional<Number> number_member(const boost::json::object& from, std::string_view key) {
  const auto text = member(from, key);
  Number value{};
  if (!text) return std::nullopt;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (failed != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return value;
}

// Anybody may have written into Redis: what does not read well counts as not there.
std::optional<settings_row> row_of_text(settings_key key, const std::string& text) {
  boost::system::error_code broken;
  const boost::json::value parsed = boost::json::parse(text, broken);
  if (broken || !parsed.is_object()) return std::nullopt;
  const boost::json::object& from = parsed.as_object();
  const auto version = number_member<std::uint64_t>(from, "version");
  const auto at = number_member<std::int64_t>(from, "at");
  const auto who = member(from, "who");
  const auto origin = parse_change_origin(member(from, "origin").value_or(""));
  if (!version || !at || !who || !origin) return std::nullopt;
  settings_row row;
  row.key = std::move(key);
  row.version = *version;
  row.document = member(from, "document");
  row.author = {*who, *origin};
  row.changed_at = base::wall_time(std::chrono::milliseconds(*at));
  return row;
}

}  // namespace

redis_settings_cache::redis_settings_cache(redis_link& link, redis_cache_settings settings,
                                           base::metrics& metrics)
    : link_(link),
      settings_(std::move(settings)),
      hits_(metrics.counter_of("guildfleet_redis_settings_reads_total",
                               "Settings looked for in Redis, by result", {{"result", "hit"}})),
      misses_(metrics.counter_of("guildfleet_redis_settings_reads_total",
                                 "Settings looked for in Redis, by result", {{"result", "miss"}})),
      errors_(metrics.counter_of("guildfleet_redis_settings_reads_total",
                                 "Settings looked for in Redis, by result", {{"result", "error"}})) {}

std::string redis_settings_cache::name_of_key(const settings_key& key) const {
  return fmt::format("{}:{}:settings:{}:{}", settings_.prefix, key.environment.value, key.guild, key.feature);
}

net::task<std::optional<settings_row>> redis_settings_cache::find(settings_key key, std::uint64_t at_least) {
  if (!link_.connected()) {
    errors_.add();
    co_return std::nullopt;
  }
  auto reply = co_await link_.call({"HGET", name_of_key(key), "row"}, net::deadline_in(settings_.patience));
  if (!reply) {
    errors_.add();
    co_return std::nullopt;
  }
  std::optional<settings_row> row;
  if (reply->is == redis_reply::kind::text) row = row_of_text(std::move(key), reply->text);
  if (row && row->version < at_least) row.reset();
  (row ? hits_ : misses_).add();
  co_return row;
}

net::task<> redis_settings_cache::keep(settings_row row) {
  if (!link_.connected()) co_return;
  std::vector<std::string> command{"EVAL", keep_if_newer, "1", name_of_key(row.key)};
  command.push_back(std::to_string(row.version));
  command.push_back(text_of_row(row));
  command.push_back(std::to_string(settings_.keep_for.count()));
  (void)co_await link_.call(std::move(command), net::deadline_in(settings_.patience));
}

}  // namespace guildfleet::store
