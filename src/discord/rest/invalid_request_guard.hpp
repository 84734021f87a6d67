// Keeps one address below Discord's ban for invalid requests: 10,000 answers with 401, 403 or 429 (shared
// ones do not count) in 10 minutes block the whole address (protocol sheet 2.5). Every bot has a share; the
// guilty one stops.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace guildfleet::discord {

struct invalid_request_settings {
  int total = 8'000;  // stop before Discord's 10,000
  int smallest_share = 50;
};

// Counts one bot's invalid answers in a sliding window of 10 minutes, in steps of 10 seconds (rounded towards
// safety).
class invalid_request_window final {
 public:
  static constexpr std::chrono::seconds step{10};
  static constexpr std::size_t steps = 61;  // 10 minutes and the step that has begun

  void add(base::steady_time now) { add(now, 1); }
  void add(base::steady_time when, int count);
  [[nodiscard]] int count(base::steady_time now) const;
  // When the count will be below `limit`; `now` when it is already.
  [[nodiscard]] base::steady_time below_at(int limit, base::steady_time now) const;

 private:
  struct slot {
    std::int64_t step_number = -1;
    int count = 0;
  };
  std::array<slot, steps> slots_{};
};

// What all processes behind one address have noted, kept over restarts.
class address_ledger {
 public:
  virtual ~address_ledger() = default;

  // One bot's count in each step, the newest first.
  struct use {
    std::string bot;
    std::array<int, invalid_request_window::steps> counts{};
  };
  // False: it could not be noted.
  virtual bool note(const std::string& bot) = 0;
  // Of every bot that ran within the last 10 minutes.
  [[nodiscard]] virtual std::vector<use> read() = 0;
};

// The decision, without a lock.
class invalid_request_budget final {
 public:
  explicit invalid_request_budget(invalid_request_settings settings = {}) : settings_(settings) {}

  // The share of a bot is total / number of bots, at least smallest_share.
  void set_bots(int count);
  [[nodiscard]] int share() const;
  // Forgets what was added: these are all the counts there are.
  void replace(const std::vector<address_ledger::use>& uses, base::steady_time now);
  // True when this answer used up the bot's share: the moment to log it.
  bool add(const std::string& bot, base::steady_time now);
  // nullopt: go on. Otherwise the time at which this bot may send again.
  [[nodiscard]] std::optional<base::steady_time> blocked_until(const std::string& bot,
                                                               base::steady_time now) const;
  [[nodiscard]] int count(const std::string& bot, base::steady_time now) const;

 private:
  invalid_request_settings settings_;
  int bots_ = 1;         // of this process
  int bots_in_all_ = 1;  // of the address
  invalid_request_window total_;
  std::map<std::string, invalid_request_window, std::less<>> windows_;
};

// The same behind a mutex: bots on several reactors share one. Any thread.
class invalid_request_guard final {
 public:
  explicit invalid_request_guard(invalid_request_settings settings = {}) : budget_(settings) {}

  void set_bots(int count);
  // Counts together with the other processes of the address; read anew a few times a second at most.
  void share_with(std::shared_ptr<address_ledger> ledger);
  bool add(const std::string& bot, base::steady_time now);
  [[nodiscard]] std::optional<base::steady_time> blocked_until(const std::string& bot, base::steady_time now);
  [[nodiscard]] int count(const std::string& bot, base::steady_time now) const;
  [[nodiscard]] int share() const;

 private:
  void refresh(base::steady_time now);

  mutable std::mutex mutex_;
  invalid_request_budget budget_;
  std::shared_ptr<address_ledger> ledger_;
  std::optional<base::steady_time> refreshed_;
};

}  // namespace guildfleet::discord
