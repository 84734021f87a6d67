#include "cli/rollout_request.hpp"

#include <charconv>
#include <fmt/format.h>

#include "fleet/error.hpp"
#include "fleet/rollout_json.hpp"

namespace guildfleet::cli {
namespace {

std::unexpected<base::error> unreadable(std::string_view option, std::string_view text, std::string fix) {
  return base::fail(fleet::fleet_error::rollout_settings, fmt::format("{} \"{}\"", option, text),
                    std::move(fix));
}

std::vector<std::string> pieces(const std::string& text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string piece = text.substr(begin, end - begin);
    const auto first = piece.find_first_not_of(' ');
    const auto last = piece.find_last_not_of(' ');
    out.push_back(first == std::string::npos ? std::string() : piece.substr(first, last - first + 1));
    begin = end + 1;
  }
  return out;
}

// The number at the beginning, and what follows it.
std::optional<std::pair<double, std::string>> number_in(const std::string& text) {
  double value = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc()) return std::nullopt;
  return std::pair(value, std::string(stop, text.data() + text.size()));
}

}  // namespace

base::result<std::vector<double>> parse_steps(const std::string& text) {
  std::vector<double> out;
  for (const std::string& piece : pieces(text)) {
    const auto number = number_in(piece);
    const bool percent = number && (number->second == "%" || number->second == " %");
    if (!number || (!percent && !number->second.empty()) || number->first < 0 ||
        number->first > (percent ? 100 : 1))
      return unreadable("--steps", text, "Write shares of the guilds, such as 5%,25%,50%,100%.");
    out.push_back(percent ? number->first / 100 : number->first);
  }
  return out;
}

base::result<std::chrono::milliseconds> parse_pause(const std::string& text) {
  const auto number = number_in(text);
  const std::string unit = number ? number->second : "";
  const double seconds = unit == "ms"                  ? 0.001
                         : unit.empty() || unit == "s" ? 1
                         : unit == "m"                 ? 60
                         : unit == "h"                 ? 3'600
                                                       : 0;
  constexpr double longest = 7 * 24 * 3'600;
  if (!number || seconds == 0 || number->first < 0 || number->first * seconds > longest)
    return unreadable("--pause", text, "Write a time of at most a week, such as 90s, 5m or 1h.");
  return std::chrono::milliseconds(static_cast<std::int64_t>(number->first * seconds * 1'000));
}

base::result<std::vector<discord::guild_id>> parse_guilds(const std::string& text) {
  std::vector<discord::guild_id> out;
  for (const std::string& piece : pieces(text)) {
    const auto id = discord::parse_id<discord::guild_id>(piece);
    if (!id || id->empty())
      return unreadable("--guilds", text, "Write the servers' ids with commas between them, digits only.");
    out.push_back(*id);
  }
  return out;
}

base::result<fleet::rollout_wish> wish_of(const rollout_request& request, const store::bot_name& bot,
                                          const std::string& from, const std::string& who) {
  fleet::rollout_wish wish{.bot = bot, .from = from, .to = request.to};
  wish.started_by = who;
  const auto strategy = fleet::strategy_named(request.strategy);
  if (!strategy)
    return unreadable("--strategy", request.strategy, "There are canary, blue-green and rolling.");
  wish.strategy = *strategy;
  if (!request.steps.empty()) {
    auto steps = parse_steps(request.steps);
    if (!steps) return std::unexpected(std::move(steps).error());
    wish.steps = std::move(*steps);
  }
  if (!request.pause.empty()) {
    const auto pause = parse_pause(request.pause);
    if (!pause) return std::unexpected(pause.error());
    wish.pause = *pause;
  }
  if (!request.guilds.empty()) {
    auto guilds = parse_guilds(request.guilds);
    if (!guilds) return std::unexpected(std::move(guilds).error());
    wish.chosen = std::move(*guilds);
  }
  for (const std::string& each : request.thresholds) {
    const auto equals = each.find('=');
    const auto value = equals == std::string::npos ? std::nullopt : number_in(each.substr(equals + 1));
    if (!value || !value->second.empty())
      return unreadable("--threshold", each, "Write a key and a number, such as failures.by=0.01.");
    if (auto set = fleet::set_threshold(wish.thresholds, each.substr(0, equals), value->first); !set)
      return std::unexpected(std::move(set).error());
  }
  return wish;
}

}  // namespace guildfleet::cli
