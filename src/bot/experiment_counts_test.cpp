#include "bot/experiment_counts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guildfleet::bot {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

constexpr discord::guild_id treated{223'456'789'012'345'678U};
constexpr discord::guild_id control{323'456'789'012'345'678U};
constexpr std::size_t ping = 0;
constexpr std::size_t help = 1;

class counts : public testing::Test {
 protected:
  [[nodiscard]] std::string line(const std::string& what, const std::string& variant) const {
    return fmt::format("guildfleet_bot_experiment_{}{{bot=\"music\",experiment=\"short\",variant=\"{}\"}}",
                       what, variant);
  }

  base::manual_clock clock;
  base::metrics metrics;
  experiment_counts subject{
      {{"short", "help", "compact", std::nullopt, {treated}, clock.wall_now() + milliseconds(1'000)}},
      {"ping", "help"},
      "music",
      metrics,
      clock};
};

TEST_F(counts, are_there_for_both_groups_before_anything_happens) {
  const std::string text = metrics.expose();
  for (const char* variant : {"compact", "control"}) {
    EXPECT_THAT(text, HasSubstr(line("events_total", variant) + " 0"));
    EXPECT_THAT(text, HasSubstr(line("failures_total", variant) + " 0"));
    EXPECT_THAT(text, HasSubstr(line("uses_total", variant) + " 0"));
    EXPECT_THAT(text, HasSubstr(line("other_uses_total", variant) + " 0"));
    EXPECT_THAT(text, HasSubstr(line("answer_seconds_count", variant) + " 0"));
  }
}

TEST_F(counts, tell_the_groups_and_the_features_apart) {
  subject.add_event(help, treated);
  subject.add_event(ping, treated);
  subject.add_failure(help, control);
  subject.add_use(help, treated);
  subject.add_use(help, control);
  subject.add_use(ping, control);
  subject.add_answer(help, control, milliseconds(20));
  subject.add_answer(ping, control, milliseconds(500));
  const auto all = subject.health();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].treated, (group_figures{.events = 1, .uses = 1}));
  EXPECT_EQ(all[0].control,
            (group_figures{
                .failures = 1, .uses = 1, .other_uses = 1, .answers = 1, .answer_time = milliseconds(20)}));
  EXPECT_THAT(metrics.expose(), HasSubstr(line("other_uses_total", "control") + " 1"));
  EXPECT_THAT(metrics.expose(), HasSubstr(line("answer_seconds_sum", "control") + " 0.02"));
}

TEST_F(counts, end_with_the_experiment_and_leave_direct_messages_out) {
  subject.add_use(help, {});
  clock.advance(milliseconds(1'000));
  subject.add_use(help, treated);
  EXPECT_EQ(subject.health()[0].treated, group_figures{});
  EXPECT_EQ(subject.health()[0].control, group_figures{});
  EXPECT_FALSE(subject.health()[0].on);
  EXPECT_EQ(subject.sizes_of({treated, control})[0], (group_sizes{0, 0}));
}

TEST_F(counts, know_how_many_guilds_stand_where) {
  EXPECT_EQ(subject.sizes_of({treated, control, {423'456'789'012'345'678U}})[0], (group_sizes{1, 2}));
}

}  // namespace
}  // namespace guildfleet::bot
