#include "cli/service_notices.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "api/readiness.hpp"
#include "base/count_text.hpp"
#include "cli/bot_state.hpp"

namespace guildfleet::cli {
namespace {

constexpr std::chrono::microseconds look_every = std::chrono::seconds(1);
// A shard that was just handed over gives the others so long; a drain in which none goes is ended in the
// manager's own time.
constexpr std::chrono::microseconds shard_time = std::chrono::seconds(30);
constexpr std::size_t longest_problem = 200;

std::size_t all_held_shards(const bot::fleet_snapshot& snapshot) {
  std::size_t count = 0;
  for (const bot::bot_health& bot : snapshot.bots) count += held_shards(bot);
  return count;
}

// A problem may be long, and have lines; a notice has one.
std::string one_line(std::string text) {
  if (text.size() > longest_problem) text.resize(longest_problem);
  std::ranges::replace_if(text, [](char c) { return c >= '\0' && c < ' '; }, ' ');
  return text;
}

std::string status_of(const bot::fleet_snapshot& snapshot) {
  if (snapshot.stopping)
    return fmt::format("stopping, {} to hand over", base::count_text(all_held_shards(snapshot), "shard"));
  std::string out = fmt::format("{}, {} ready", base::count_text(snapshot.bots.size(), "bot"),
                                std::ranges::count(snapshot.bots, bot_state::ready, state_of));
  const auto standby = std::ranges::count(snapshot.bots, bot_state::standby, state_of);
  if (standby != 0) out += fmt::format(", {} standing by", standby);
  const auto unwell =
      std::ranges::find_if(snapshot.bots, [](const bot::bot_health& bot) { return !bot.problem.empty(); });
  if (unwell != snapshot.bots.end()) out += fmt::format("; {}: {}", unwell->name, one_line(unwell->problem));
  return out;
}

}  // namespace

service_notices::service_notices(std::optional<std::chrono::microseconds> watchdog) {
  if (watchdog) half_watchdog_ = *watchdog / 2;
}

std::string service_notices::look(const bot::fleet_snapshot& snapshot, base::steady_time now) {
  std::string out;
  if (!std::exchange(ready_told_, true)) out += "READY=1\n";
  if (snapshot.stopping) out += stop_lines(snapshot);
  if (std::string status = status_of(snapshot); status != status_) {
    out += fmt::format("STATUS={}\n", status);
    status_ = std::move(status);
  }
  out += sign_of_life(snapshot, now);
  next_look_ = now + look_every;
  if (half_watchdog_)
    next_look_ = std::min(next_look_, next_sign_ > now ? next_sign_ : now + *half_watchdog_);
  return out;
}

std::string service_notices::stop_lines(const bot::fleet_snapshot& snapshot) {
  const std::size_t before = std::exchange(held_, all_held_shards(snapshot));
  if (!std::exchange(stop_told_, true)) return "STOPPING=1\n";
  return held_ < before ? fmt::format("EXTEND_TIMEOUT_USEC={}\n", shard_time.count()) : std::string();
}

std::string service_notices::sign_of_life(const bot::fleet_snapshot& snapshot, base::steady_time now) {
  if (!half_watchdog_ || now < next_sign_ || !api::judge_liveness(snapshot, {}).good) return {};
  next_sign_ = now + *half_watchdog_;
  return "WATCHDOG=1\n";
}

}  // namespace guildfleet::cli
