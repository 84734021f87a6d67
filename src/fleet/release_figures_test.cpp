#include "fleet/release_figures.hpp"

#include <gmock/gmock.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;

constexpr base::wall_time noon{std::chrono::milliseconds(1'800'000'000'000)};

store::release_sample sample(std::uint64_t process, std::chrono::milliseconds at, release_figures figures,
                             const std::string& release = "2") {
  return {{"music"}, {"node", process}, release, (noon + at).time_since_epoch() / 1ms, to_json(figures)};
}

release_samples within(const std::vector<store::release_sample>& samples, std::string_view release,
                       const std::vector<store::node_row>& living, base::wall_time from,
                       base::wall_time now) {
  return samples_within(reports_in(samples), release, living, from, now);
}

store::node_row node(std::uint64_t process, const std::string& release = "2") {
  store::node_row row;
  row.identity = {"node", process};
  row.report.release = release;
  return row;
}

TEST(release_figures, are_read_as_they_were_written) {
  release_figures figures{.events = 1, .failed_events = 2, .resident_bytes = 1ULL << 40U, .visits = 3};
  figures.answer_time[18] = 7;
  figures.event_lag[0] = 9;
  EXPECT_EQ(release_figures_from_json(to_json(figures)), figures);
}

TEST(release_figures, that_lack_something_are_an_error) {
  EXPECT_FALSE(release_figures_from_json("{}").has_value());
  EXPECT_FALSE(release_figures_from_json("nothing").has_value());
}

TEST(release_figures, of_a_window_are_what_grew_in_it) {
  const std::vector<store::release_sample> samples{
      sample(1, -10s, {.events = 100, .up_ms = 600'000}), sample(1, -1s, {.events = 140, .up_ms = 609'000}),
      sample(1, 4s, {.events = 150, .up_ms = 614'000}), sample(1, 9s, {.events = 180, .up_ms = 619'000})};
  EXPECT_EQ(within(samples, "2", {}, noon, noon + 10s).events, 40U);
}

TEST(release_figures, of_a_process_that_started_in_the_window_count_whole) {
  EXPECT_EQ(within({sample(1, 4s, {.events = 50, .up_ms = 3'000})}, "2", {}, noon, noon + 5s).events, 50U);
}

TEST(release_figures, of_a_process_whose_beginning_is_unknown_count_from_its_first_report) {
  const std::vector<store::release_sample> samples{sample(1, 4s, {.events = 50, .up_ms = 60'000}),
                                                   sample(1, 5s, {.events = 52, .up_ms = 61'000})};
  EXPECT_EQ(within(samples, "2", {}, noon, noon + 5s).events, 2U);
}

TEST(release_figures, of_several_processes_and_of_one_that_died_add_up) {
  const std::vector<store::release_sample> samples{sample(1, 1s, {.events = 5, .up_ms = 500}),
                                                   sample(2, 2s, {.events = 7, .up_ms = 500}),
                                                   sample(3, 2s, {.events = 11, .up_ms = 500}, "1")};
  EXPECT_EQ(within(samples, "2", {}, noon, noon + 5s).events, 12U);
  EXPECT_EQ(within(samples, "1", {}, noon, noon + 5s).events, 11U);
}

TEST(release_figures, of_before_the_window_are_nothing) {
  EXPECT_EQ(within({sample(1, -5s, {.events = 50, .up_ms = 100})}, "2", {}, noon, noon + 5s).events, 0U);
}

TEST(release_figures, tell_which_living_node_has_not_reported) {
  const std::vector<store::release_sample> samples{sample(1, 1s, {.up_ms = 500, .resident_bytes = 10}),
                                                   sample(1, 3s, {.up_ms = 2'500, .resident_bytes = 30})};
  const auto all = within(samples, "2", {node(1), node(2), node(3, "1")}, noon, noon + 5s);
  ASSERT_EQ(all.nodes.size(), 2U);
  EXPECT_EQ(all.nodes[0].reported_ago, 2s);
  ASSERT_EQ(all.nodes[0].memory.size(), 2U);
  EXPECT_EQ(all.nodes[0].memory[1].at, 3s);
  EXPECT_EQ(all.nodes[0].memory[1].resident_bytes, 30U);
  EXPECT_FALSE(all.nodes[1].reported_ago.has_value());
}

TEST(release_figures, tell_which_process_is_gone_without_having_been_told_to_stop) {
  const std::vector<store::release_sample> samples{
      sample(1, 1s, {.up_ms = 500}), sample(2, 1s, {.up_ms = 500}),
      sample(2, 2s, {.up_ms = 1'500, .draining = 1}), sample(3, -1s, {.up_ms = 500})};
  const auto all = within(samples, "2", {}, noon, noon + 5s);
  ASSERT_EQ(all.nodes.size(), 1U) << "the second drained, the third was gone before";
  EXPECT_TRUE(all.nodes[0].gone);
}

}  // namespace
}  // namespace guildfleet::fleet
