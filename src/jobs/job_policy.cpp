#include "jobs/job_policy.hpp"

#include <algorithm>
#include <cmath>

#include "base/backoff.hpp"

namespace guildfleet::jobs {
namespace {

std::chrono::milliseconds pause_after(std::uint32_t attempt, const job_limits& limits,
                                      base::random_source& random) {
  base::backoff pauses({.first = limits.first_pause, .cap = limits.longest_pause});
  std::chrono::milliseconds pause{0};
  for (std::uint32_t i = 0; i < std::min(attempt, 64U); ++i) pause = pauses.next(random);
  return pause;
}

// A store takes a postponed job without an error for a new run.
std::string reason(const std::string& given) {
  return given.empty() ? "no reason was given" : given;
}

}  // namespace

job_verdict judge(const job_outcome& outcome, std::uint32_t attempt, base::wall_time now,
                  const job_limits& limits, base::random_source& random) {
  if (std::holds_alternative<job_done>(outcome)) return finish_job{};
  if (const auto* again = std::get_if<job_again>(&outcome)) return postpone_job{again->due, {}};
  if (const auto* back = std::get_if<job_put_back>(&outcome))
    return put_back_job{back->due, reason(back->why)};
  const auto& failed = std::get<job_failed>(outcome);
  if (failed.permanent || attempt >= limits.max_attempts) return bury_job{reason(failed.why)};
  return postpone_job{now + pause_after(attempt, limits, random), reason(failed.why)};
}

std::chrono::milliseconds time_to_sleep(std::optional<std::chrono::milliseconds> next_due,
                                        const job_limits& limits) {
  const auto until_due = next_due.value_or(limits.look_again);
  return std::clamp(until_due, std::chrono::milliseconds(0), limits.look_again);
}

start_pace::start_pace(std::uint32_t per_second, base::steady_time now)
    : per_second_(per_second), filled_at_(now) {}

std::uint32_t start_pace::available(base::steady_time now) {
  const double seconds = std::chrono::duration<double>(now - filled_at_).count();
  tokens_ = std::min(per_second_, tokens_ + std::max(0.0, seconds) * per_second_);
  filled_at_ = now;
  return static_cast<std::uint32_t>(std::floor(tokens_ + 1e-9));
}

void start_pace::take(std::uint32_t count) {
  tokens_ = std::max(0.0, tokens_ - count);
}

base::steady_time start_pace::next_at() const {
  const double missing = std::max(0.0, 1.0 - tokens_);
  return filled_at_ +
         std::chrono::microseconds(static_cast<std::int64_t>(std::ceil(missing / per_second_ * 1e6)));
}

}  // namespace guildfleet::jobs
