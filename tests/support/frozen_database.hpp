// A database with all tables whose clock stands still until it is told to move.
#pragma once

#include <chrono>
#include <string>

#include "support/postgres_server.hpp"

namespace guildfleet::support {

enum class after_test {
  drop,      // with what is still connected to it: a pooler keeps connections of each database it has seen
  use_again  // emptied, for tests that leave the tables themselves as they are
};

// On shared_postgres(); as if fresh.
class frozen_database final {
 public:
  explicit frozen_database(after_test then = after_test::drop);
  ~frozen_database();
  frozen_database(const frozen_database&) = delete;
  frozen_database& operator=(const frozen_database&) = delete;
  void advance(std::chrono::milliseconds by) const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string url() const { return shared_postgres().url(name_); }

  static constexpr std::int64_t start_ms = 1'800'000'000'000;

 private:
  std::string name_;
  after_test then_;
};

}  // namespace guildfleet::support
