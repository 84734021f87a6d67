// A database with all tables whose clock stands still until it is told to move.
#pragma once

#include <chrono>
#include <string>

#include "support/postgres_server.hpp"

namespace guildfleet::support {

// On shared_postgres(); fresh.
class frozen_database final {
 public:
  frozen_database();
  // Ends what is still connected to it: a pooler keeps connections of each database it has seen.
  ~frozen_database();
  frozen_database(const frozen_database&) = delete;
  frozen_database& operator=(const frozen_database&) = delete;
  void advance(std::chrono::milliseconds by) const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string url() const { return shared_postgres().url(name_); }

  static constexpr std::int64_t start_ms = 1'800'000'000'000;

 private:
  std::string name_;
};

}  // namespace guildfleet::support
