#include "base/random.hpp"

namespace guildfleet::base {

random_source random_source::from_system() {
  std::random_device device;
  return random_source((static_cast<std::uint64_t>(device()) << 32U) | device());
}

double random_source::unit() {
  return static_cast<double>(engine_() >> 11U) * 0x1.0p-53;
}

std::uint64_t random_source::below(std::uint64_t bound) {
  if (bound == 0) return 0;
  return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(engine_);
}

std::chrono::milliseconds random_source::between(std::chrono::milliseconds low,
                                                 std::chrono::milliseconds high) {
  if (high <= low) return low;
  const auto span = static_cast<std::uint64_t>((high - low).count()) + 1;
  return low + std::chrono::milliseconds(static_cast<std::int64_t>(below(span)));
}

}  // namespace guildfleet::base
