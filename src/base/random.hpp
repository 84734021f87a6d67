// Randomness as an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace guildfleet::base {

// Seeded pseudo-randomness for jitter and for tests; not for secrets. One owner, one thread.
class random_source final {
 public:
  explicit random_source(std::uint64_t seed) : engine_(seed) {}
  // Seeded from the operating system.
  static random_source from_system();

  [[nodiscard]] std::uint64_t next() { return engine_(); }
  // Uniform in [0, 1).
  [[nodiscard]] double unit();
  // Uniform in [0, bound); 0 when bound is 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  // Uniform in [low, high].
  [[nodiscard]] std::chrono::milliseconds between(std::chrono::milliseconds low,
                                                  std::chrono::milliseconds high);

 private:
  std::mt19937_64 engine_;
};

}  // namespace guildfleet::base
