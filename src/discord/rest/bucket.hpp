// One rate-limit window: how many requests may still go, and when more may (protocol sheet 2.3, 2.4).
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"
#include "discord/rest/known_limits.hpp"
#include "discord/rest/limit_signal.hpp"

namespace guildfleet::discord {

// Arithmetic only. Until the first answer one request probes; afterwards as many run in parallel as remain.
class bucket final {
 public:
  explicit bucket(std::chrono::milliseconds reset_slack) : slack_(reset_slack) {}

  // Now or later: when one more request may be sent. nullopt: not before an answer comes.
  [[nodiscard]] std::optional<base::steady_time> free_at(base::steady_time now) const;
  // The same for a request with `ahead` others before it, as far as can be told.
  [[nodiscard]] base::steady_time estimate(std::size_t ahead, base::steady_time now) const;

  void on_sent(base::steady_time now);
  // `sent`: when the answered request was sent. Call on_finished() before.
  void on_signal(const limit_signal& signal, base::steady_time sent, base::steady_time now);
  void on_finished() { --in_flight_; }
  // No request before `until`.
  void block(base::steady_time until);
  // Requests under way change their bucket when a route's hash changes.
  void move_in_flight(bucket& to, int count);

  // What a limiter elsewhere should know of it; hash and major are not its own to tell. nullopt: nothing that
  // a new bucket would not.
  [[nodiscard]] std::optional<known_window> known(base::steady_time now) const;
  // What another limiter knew of the same bucket just now: of both the more careful holds.
  void adopt(const known_window& from, base::steady_time now);

  [[nodiscard]] int in_flight() const { return in_flight_; }
  // From then on the bucket knows nothing that a new one would not.
  [[nodiscard]] base::steady_time stale_at() const;

 private:
  enum class knowledge { nothing, no_limit, window };
  void roll(base::steady_time now) const;

  std::chrono::milliseconds slack_;
  knowledge knowledge_ = knowledge::nothing;
  int limit_ = 1;
  int in_flight_ = 0;
  mutable int left_ = 1;       // in the window that is open, requests under way subtracted
  mutable bool open_ = false;  // the window that ends at ends_ has not ended
  base::steady_time ends_{};   // of the open window; never too early: receipt + Reset-After
  base::steady_time told_{};   // the latest end that an answer told; tells old answers from new ones
  std::chrono::milliseconds length_{1000};  // longest Reset-After seen: about the window's length
  base::steady_time blocked_until_{};
};

}  // namespace guildfleet::discord
