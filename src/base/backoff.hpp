// Exponential back-off with jitter and a cap; the only one in the program.
#pragma once

#include <chrono>

#include "base/random.hpp"

namespace guildfleet::base {

struct backoff_settings {
  std::chrono::milliseconds first{1000};  // the first step
  std::chrono::milliseconds cap{60'000};  // no step is longer
  double factor = 2.0;                    // from one step to the next; at least 1
};

// A value: who owns it calls it, on one thread.
class backoff final {
 public:
  explicit backoff(backoff_settings settings = {}) : settings_(settings) {}

  // The next pause: uniform between half of the current step and the step; the step then grows to the cap.
  [[nodiscard]] std::chrono::milliseconds next(random_source& random);
  // After a success: the next pause is from the first step again.
  void reset() { attempts_ = 0; }
  [[nodiscard]] int attempts() const { return attempts_; }

 private:
  backoff_settings settings_;
  int attempts_ = 0;
};

}  // namespace guildfleet::base
