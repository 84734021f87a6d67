#include "base/clock.hpp"

#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace guildfleet::base {

steady_time system_clock::steady_now() const {
  return std::chrono::steady_clock::now();
}

wall_time system_clock::wall_now() const {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::chrono::milliseconds system_clock::since_boot() const {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::milliseconds(now.tv_sec * 1000 + now.tv_nsec / 1'000'000);
}

std::string iso8601(wall_time time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto millis = (time - seconds).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), millis);
}

}  // namespace guildfleet::base
