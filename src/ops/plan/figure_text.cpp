#include "ops/plan/figure_text.hpp"

#include <fmt/format.h>

namespace guildfleet::ops {

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string bytes_text(double bytes) {
  if (bytes < 1e6) return fmt::format("{:.1f} kB", bytes / 1e3);
  if (bytes < 1e9) return fmt::format("{:.0f} MB", bytes / 1e6);
  return fmt::format("{:.1f} GB", bytes / 1e9);
}

std::string time_text(std::chrono::milliseconds time) {
  if (time < std::chrono::seconds(10))
    return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1e3);
  const auto seconds = std::chrono::round<std::chrono::seconds>(time).count();
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

std::string share_text(double share) {
  return fmt::format("{:.3g} %", share * 100);
}

}  // namespace guildfleet::ops
