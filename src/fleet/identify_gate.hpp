// When a shard may IDENTIFY. Discord allows one identify per 5 s and bucket (shard index % max_concurrency)
// and a number per day, above which it resets the token (protocol sheet 1.6). Each node of a bot has one
// gate, which learns from the store what the others did. No I/O, no clock, one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "discord/model/ids.hpp"
#include "store/identify_rows.hpp"

namespace guildfleet::fleet {

// `session_start_limit` of GET /gateway/bot (protocol sheet 1.1).
struct session_start_limit {
  std::uint32_t total = 1000;
  std::uint32_t remaining = 1000;
  std::chrono::milliseconds reset_after{0};
  std::uint32_t max_concurrency = 1;
};

struct identify_settings {
  std::chrono::milliseconds spacing{5'000};
  // Between two of a bucket beyond the spacing, for clocks and what is counted at Discord after it answered;
  // and how soon one that waits for its turn asks again.
  std::chrono::milliseconds margin{50};
  std::chrono::milliseconds send_within{3'000};  // after the store was asked; later it is not sent
  std::chrono::milliseconds arrives_within{
      5'000};                // after it: others wait that long for one without an answer
  double floor_share = 0.2;  // part of the day's total that is kept back
  // Identifies of one shard, or processes of this node that had to identify, before they are slowed down.
  std::uint32_t free_per_hour = 3;
  std::chrono::milliseconds first_pause{30'000};
  std::chrono::milliseconds longest_pause{900'000};
};

// Kept back from restart loops. Smaller when the whole shard set would not fit above it, so that a first
// start with an unused budget always completes.
[[nodiscard]] std::uint32_t identify_floor(const session_start_limit& limit, std::uint32_t shard_count,
                                           double floor_share);

// Pause since the last identify of a shard that already made `last_hour` of them, or of a node that as many
// processes before this one began anew; zero while that is few.
[[nodiscard]] std::chrono::milliseconds pause_before_identify(std::uint32_t last_hour,
                                                              const identify_settings& settings);

class identify_gate;

// The right to send one Identify now. Given back on destruction unless used. Must not outlive its gate.
class identify_permit final {
 public:
  identify_permit(identify_permit&& other) noexcept;
  identify_permit& operator=(identify_permit&& other) noexcept;
  ~identify_permit();

  // The shard is told to send it: the bucket's window starts, the budget shrinks.
  void use(base::steady_time now) &&;

 private:
  friend class identify_gate;
  identify_permit(identify_gate& gate, discord::shard_id shard) : gate_(&gate), shard_(shard) {}
  identify_gate* gate_;
  discord::shard_id shard_;
};

// Ask again at `until`, not before.
struct identify_wait {
  base::steady_time until;
  enum class cause { bucket, turn, shard_loop, process_loop } why = cause::bucket;
  std::uint32_t last_hour = 0;  // of a loop: what is counted

  [[nodiscard]] bool is_loop() const { return why == cause::shard_loop || why == cause::process_loop; }
};

// The breaker is open. Ask again at `until` (the day's reset), or after a newer limit was read.
struct identify_refusal {
  base::error error;
  base::steady_time until;
};

// For a reader: why `shard` is slowed, and for how long.
[[nodiscard]] std::string reason_of(const std::string& bot, discord::shard_id shard,
                                    const identify_wait& slowed, base::steady_time now);

using identify_answer = std::variant<identify_permit, identify_wait, identify_refusal>;

class identify_gate final {
 public:
  // `history` is what the store remembers of this bot; `bot` appears in errors.
  identify_gate(std::string bot, const identify_settings& settings, const session_start_limit& limit,
                const store::identify_history& history, base::steady_time now);
  identify_gate(const identify_gate&) = delete;
  identify_gate& operator=(const identify_gate&) = delete;

  // A newer answer of /gateway/bot.
  void update_limit(const session_start_limit& limit, base::steady_time now);
  // What the store knows of all nodes: takes the place of what this gate counted itself.
  void learn(const store::identify_history& history, base::steady_time now);
  // A person allows to pass the floor until then. Takes the place of an earlier permission.
  void open_floor(base::steady_time until) { floor_open_until_ = until; }

  // Lower shards of a bucket go first among those that ask. One that was told to wait and does not come back
  // in time loses its turn.
  [[nodiscard]] identify_answer request(discord::shard_id shard, base::steady_time now);
  // The shard no longer wants one.
  void withdraw(discord::shard_id shard);
  // Another process used the bucket of this shard, or Discord has answered this one's identify.
  void bucket_busy_until(discord::shard_id shard, base::steady_time free_at);
  // What was granted to the shard last was not sent: it counts for nothing.
  void not_sent(discord::shard_id shard);
  // So many of the day's budget are left, whoever used the others.
  void left_is(std::uint32_t left, base::steady_time now);

  [[nodiscard]] std::uint32_t max_concurrency() const { return limit_.max_concurrency; }
  [[nodiscard]] std::uint32_t remaining(base::steady_time now) const;
  // How many of a bot of `shard_count` shards are kept back now; 0 while a person allows to pass the floor.
  [[nodiscard]] std::uint32_t floor(std::uint32_t shard_count, base::steady_time now) const;

 private:
  friend class identify_permit;
  struct bucket {
    base::steady_time free_at{};
    bool permit_out = false;
    std::map<discord::shard_id, base::steady_time> waiting;  // when each must be back
  };

  void used(discord::shard_id shard, base::steady_time now);
  void given_back(discord::shard_id shard);
  [[nodiscard]] bucket& bucket_of(discord::shard_id shard);
  void learn(const store::known_budget& budget, base::steady_time now);
  void make_buckets();
  void begin_day_if_due(base::steady_time now);
  [[nodiscard]] std::optional<identify_wait> slowed(discord::shard_id shard, base::steady_time now) const;
  [[nodiscard]] std::uint32_t usable(discord::shard_id shard, base::steady_time now) const;
  [[nodiscard]] identify_refusal refuse(discord::shard_id shard, base::steady_time now) const;
  [[nodiscard]] identify_wait wait(bucket& queue, discord::shard_id shard, identify_wait answer) const;

  std::string bot_;
  identify_settings settings_;
  session_start_limit limit_;
  base::steady_time resets_at_;
  std::vector<bucket> buckets_;
  std::map<discord::shard_id, std::vector<base::steady_time>>
      recent_;  // identifies of the last hour, oldest first
  store::earlier_starts starts_;
  base::steady_time newest_start_{};
  base::steady_time floor_open_until_ = base::steady_time::min();
};

}  // namespace guildfleet::fleet
