#include "base/backoff.hpp"

#include <algorithm>

namespace guildfleet::base {

std::chrono::milliseconds backoff::next(random_source& random) {
  double step = static_cast<double>(settings_.first.count());
  const auto cap = static_cast<double>(settings_.cap.count());
  for (int i = 0; i < attempts_ && step < cap; ++i) step *= settings_.factor;
  ++attempts_;
  const auto upper = std::chrono::milliseconds(static_cast<std::int64_t>(std::min(step, cap)));
  return random.between(upper / 2, upper);
}

}  // namespace guildfleet::base
