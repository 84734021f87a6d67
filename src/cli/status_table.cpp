#include "cli/status_table.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <ostream>

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

colour colour_of(std::string_view status) {
  if (status == "ok") return colour::green;
  return status == "stopped" ? colour::red : colour::yellow;
}

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return "-";
  return std::string(value->get_string());
}

std::int64_t number_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

const json::array& list_of(const json::object& object, std::string_view key) {
  static const json::array empty;
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->get_array() : empty;
}

bool flag_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && *value == true;
}

// Connected ones of those that are held.
struct shard_count {
  int held = 0;
  int connected = 0;

  void add(const json::object& shard) {
    held += flag_of(shard, "held") ? 1 : 0;
    connected += text_of(shard, "state") == "connected" ? 1 : 0;
  }
  [[nodiscard]] std::string text() const { return fmt::format("{}/{}", connected, held); }
};

// "2/3": connected of held; "2/3 +4/5" with those of a new set that does not act yet. The latency is the mean
// of those that know theirs.
std::vector<cell> row_of(const json::object& bot) {
  shard_count acting;
  shard_count muted;
  std::int64_t latency_sum = 0;
  int latencies = 0;
  for (const auto& each : list_of(bot, "shards")) {
    const auto* shard = each.if_object();
    if (shard == nullptr) continue;
    (flag_of(*shard, "muted") ? muted : acting).add(*shard);
    if (const auto* latency = shard->if_contains("latency_ms"); latency != nullptr && latency->is_int64()) {
      latency_sum += latency->get_int64();
      ++latencies;
    }
  }
  const std::string status = text_of(bot, "status");
  return {{text_of(bot, "name"), colour::bold},
          {status, colour_of(status)},
          {fmt::format("{}", number_of(bot, "guilds"))},
          {acting.text() + (muted.held > 0 ? " +" + muted.text() : "")},
          {latencies == 0 ? "-" : fmt::format("{} ms", latency_sum / latencies)},
          {text_of(bot, "problem")}};
}

}  // namespace

std::string duration_text(std::int64_t seconds) {
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m {:02}s", seconds / 60, seconds % 60);
  if (seconds < 86'400) return fmt::format("{}h {:02}m", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{}d {:02}h", seconds / 86'400, seconds / 3600 % 24);
}

bool all_serve(std::string_view health_json) {
  std::error_code wrong;
  const json::value parsed = json::parse(health_json, wrong);
  const auto* health = wrong ? nullptr : parsed.if_object();
  if (health == nullptr || !flag_of(*health, "ready")) return false;
  return std::ranges::none_of(list_of(*health, "bots"), [](const json::value& each) {
    const auto* bot = each.if_object();
    const std::string status = bot == nullptr ? "-" : text_of(*bot, "status");
    return status == "stopped" || status == "starting";
  });
}

exit_code print_status(std::string_view health_json, const terminal& to) {
  std::error_code wrong;
  const json::value parsed = json::parse(health_json, wrong);
  const auto* health = parsed.if_object();
  if (wrong || health == nullptr) {
    to.err << "the answer is not the JSON of a guildfleet node; is the address right?\n";
    return exit_code::failed;
  }
  const std::string status = text_of(*health, "status");
  to.out << fmt::format("{} on {}, release {}: {}, up {}, {:.1f} MB, {} guilds\n", text_of(*health, "fleet"),
                        text_of(*health, "node"), text_of(*health, "release"),
                        painted(to, colour_of(status), status), duration_text(number_of(*health, "uptime")),
                        static_cast<double>(number_of(*health, "memory")) / 1e6,
                        number_of(*health, "guilds"));
  std::vector<std::vector<cell>> rows = {
      {{"BOT"}, {"STATUS"}, {"GUILDS"}, {"SHARDS"}, {"LATENCY"}, {"PROBLEM"}}};
  for (const auto& each : list_of(*health, "bots")) {
    if (const auto* bot = each.if_object()) rows.push_back(row_of(*bot));
  }
  for (auto& row : rows) {
    if (row.back().text.empty()) row.pop_back();
  }
  print_table(to, rows);
  return all_serve(health_json) ? exit_code::fine : exit_code::failed;
}

}  // namespace guildfleet::cli
