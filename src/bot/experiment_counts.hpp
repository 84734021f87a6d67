// What happens in the servers with a variant and in those without, for each experiment of a bot.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "bot/fleet_status.hpp"
#include "fleet/experiments.hpp"

namespace guildfleet::bot {

// One per bot. Thread-safe: all its shards count here. Features are told by their place among the bot's.
class experiment_counts final {
 public:
  // `features`: names of the bot's features, in their order. `metrics` and `clock` must outlive it.
  experiment_counts(std::vector<fleet::experiment> experiments, const std::vector<std::string_view>& features,
                    const std::string& bot, base::metrics& metrics, const base::clock& clock);

  [[nodiscard]] const fleet::experiment_list& experiments() const { return experiments_; }
  [[nodiscard]] bool empty() const { return experiments_.all().empty(); }

  // The feature is given an event, or one of its timers is due.
  void add_event(std::size_t feature, discord::guild_id guild) const;
  // One of its handlers failed, or left an interaction without an answer.
  void add_failure(std::size_t feature, discord::guild_id guild) const;
  // One of its commands or components is used.
  void add_use(std::size_t feature, discord::guild_id guild) const;
  // From the arrival of such an interaction to the end of its handler.
  void add_answer(std::size_t feature, discord::guild_id guild, std::chrono::duration<double> time) const;

  // How many of these guilds stand in which group, experiment by experiment.
  [[nodiscard]] std::vector<group_sizes> sizes_of(const std::vector<discord::guild_id>& guilds) const;
  // All that was counted, without the numbers of servers.
  [[nodiscard]] std::vector<experiment_health> health() const;

 private:
  // For /metrics, and again for those who ask this node.
  struct group_counts {
    group_counts(base::metrics& metrics, const base::metric_labels& labels);

    base::counter events_total;
    base::counter failures_total;
    base::counter uses_total;
    base::counter other_uses_total;
    base::histogram answer_seconds;
    mutable std::atomic<std::uint64_t> events{0};
    mutable std::atomic<std::uint64_t> failures{0};
    mutable std::atomic<std::uint64_t> uses{0};
    mutable std::atomic<std::uint64_t> other_uses{0};
    mutable std::atomic<std::uint64_t> answers{0};
    mutable std::atomic<std::uint64_t> answer_us{0};

    [[nodiscard]] group_figures figures() const;
  };
  struct both_groups {
    both_groups(std::size_t place, base::metrics& metrics, const base::metric_labels& of_treated,
                const base::metric_labels& of_control)
        : feature(place), treated(metrics, of_treated), control(metrics, of_control) {}
    std::size_t feature;  // its place
    group_counts treated;
    group_counts control;
  };

  // Null: the guild stands outside.
  [[nodiscard]] const group_counts* group_of(std::size_t place, discord::guild_id guild,
                                             base::wall_time now) const;
  template <class Count>
  void count_of_feature(std::size_t feature, discord::guild_id guild, Count count) const;

  fleet::experiment_list experiments_;
  const base::clock& clock_;
  std::deque<both_groups> groups_;  // of each experiment
};

}  // namespace guildfleet::bot
