#include "bot/experiment_counts.hpp"

#include <algorithm>

namespace guildfleet::bot {
namespace {

base::metric_labels labels_of(const std::string& bot, const fleet::experiment& one,
                              std::string_view variant) {
  return {{"bot", bot}, {"experiment", one.name}, {"variant", std::string(variant)}};
}

void add_one(std::atomic<std::uint64_t>& number, const base::counter& series) {
  number.fetch_add(1, std::memory_order_relaxed);
  series.add();
}

}  // namespace

experiment_counts::group_counts::group_counts(base::metrics& metrics, const base::metric_labels& labels)
    : events_total(metrics.counter_of("guildfleet_bot_experiment_events_total",
                                      "Events and timers given to the feature of an experiment", labels)),
      failures_total(metrics.counter_of("guildfleet_bot_experiment_failures_total",
                                        "Handlers of the feature of an experiment that failed", labels)),
      uses_total(metrics.counter_of("guildfleet_bot_experiment_uses_total",
                                    "Commands and components of the feature of an experiment that were used",
                                    labels)),
      other_uses_total(metrics.counter_of("guildfleet_bot_experiment_other_uses_total",
                                          "Commands and components of the bot's other features", labels)),
      answer_seconds(metrics.histogram_of(
          "guildfleet_bot_experiment_answer_seconds",
          "Time from an interaction's arrival to the end of the handler of the feature of an experiment",
          labels, {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 10, 60})) {}

group_figures experiment_counts::group_counts::figures() const {
  return {.guilds = 0,
          .events = events,
          .failures = failures,
          .uses = uses,
          .other_uses = other_uses,
          .answers = answers,
          .answer_time = std::chrono::microseconds(answer_us)};
}

experiment_counts::experiment_counts(std::vector<fleet::experiment> experiments,
                                     const std::vector<std::string_view>& features, const std::string& bot,
                                     base::metrics& metrics, const base::clock& clock)
    : experiments_(std::move(experiments)), clock_(clock) {
  for (const fleet::experiment& one : experiments_.all()) {
    const auto feature = std::ranges::find(features, one.feature) - features.begin();
    groups_.emplace_back(static_cast<std::size_t>(feature), metrics, labels_of(bot, one, one.variant),
                         labels_of(bot, one, control_group));
  }
}

const experiment_counts::group_counts* experiment_counts::group_of(std::size_t place, discord::guild_id guild,
                                                                   base::wall_time now) const {
  switch (experiments_.group_of(place, guild, now)) {
    case fleet::experiment_group::treated:
      return &groups_[place].treated;
    case fleet::experiment_group::control:
      return &groups_[place].control;
    case fleet::experiment_group::outside:
      break;
  }
  return nullptr;
}

template <class Count>
void experiment_counts::count_of_feature(std::size_t feature, discord::guild_id guild, Count count) const {
  for (std::size_t place = 0; place < groups_.size(); ++place) {
    if (groups_[place].feature != feature) continue;
    if (const group_counts* group = group_of(place, guild, clock_.wall_now())) count(*group);
  }
}

void experiment_counts::add_event(std::size_t feature, discord::guild_id guild) const {
  count_of_feature(feature, guild,
                   [](const group_counts& group) { add_one(group.events, group.events_total); });
}

void experiment_counts::add_failure(std::size_t feature, discord::guild_id guild) const {
  count_of_feature(feature, guild,
                   [](const group_counts& group) { add_one(group.failures, group.failures_total); });
}

void experiment_counts::add_use(std::size_t feature, discord::guild_id guild) const {
  const base::wall_time now = clock_.wall_now();
  for (std::size_t place = 0; place < groups_.size(); ++place) {
    const group_counts* group = group_of(place, guild, now);
    if (group == nullptr) continue;
    if (groups_[place].feature == feature)
      add_one(group->uses, group->uses_total);
    else
      add_one(group->other_uses, group->other_uses_total);
  }
}

void experiment_counts::add_answer(std::size_t feature, discord::guild_id guild,
                                   std::chrono::duration<double> time) const {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  count_of_feature(feature, guild, [&](const group_counts& group) {
    group.answers.fetch_add(1, std::memory_order_relaxed);
    group.answer_us.fetch_add(static_cast<std::uint64_t>(micros), std::memory_order_relaxed);
    group.answer_seconds.observe(time.count());
  });
}

std::vector<group_sizes> experiment_counts::sizes_of(const std::vector<discord::guild_id>& guilds) const {
  const base::wall_time now = clock_.wall_now();
  std::vector<group_sizes> sizes(groups_.size());
  for (std::size_t place = 0; place < groups_.size(); ++place) {
    for (const discord::guild_id guild : guilds) {
      const auto group = experiments_.group_of(place, guild, now);
      sizes[place].treated += group == fleet::experiment_group::treated ? 1 : 0;
      sizes[place].control += group == fleet::experiment_group::control ? 1 : 0;
    }
  }
  return sizes;
}

std::vector<experiment_health> experiment_counts::health() const {
  const base::wall_time now = clock_.wall_now();
  std::vector<experiment_health> out;
  for (std::size_t place = 0; place < groups_.size(); ++place) {
    const fleet::experiment& what = experiments_.all()[place];
    out.push_back({.name = what.name,
                   .feature = what.feature,
                   .variant = what.variant,
                   .share_per_million = what.share_per_million,
                   .listed = what.guilds.size(),
                   .ends = what.ends,
                   .on = what.is_on(now),
                   .treated = groups_[place].treated.figures(),
                   .control = groups_[place].control.figures()});
  }
  return out;
}

}  // namespace guildfleet::bot
