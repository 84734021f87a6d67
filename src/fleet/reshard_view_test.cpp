#include "fleet/reshard_view.hpp"

#include <gmock/gmock.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using kind = count_answer::kind;

const store::bot_name music{"music"};
const store::node_identity one{"one", 1};
const store::node_identity two{"two", 2};
constexpr std::uint64_t operation = 7;
constexpr std::int64_t now_ms = 1'800'000'100'000;

class seen_reshard : public testing::Test {
 protected:
  void live(const store::node_identity& node) {
    seen.nodes.push_back({.identity = node, .report = {.serves = {{music, 2}, {music, 5}}}});
  }
  void owns(const store::node_identity& node, std::uint32_t index, std::uint32_t count) {
    seen.leases.push_back({.key = {music, {index, count}}, .owner = node, .epoch = 1, .free_in = 10s});
  }
  void tell(const store::node_identity& node, reshard_figures figures, std::chrono::milliseconds ago = 1s) {
    samples.push_back({.bot = music,
                       .node = node,
                       .release = std::string(reshard_sample_release),
                       .at_ms = now_ms - std::int64_t{ago.count()},
                       .figures = to_json(figures)});
  }
  [[nodiscard]] reshard_view view() const { return view_of(seen, of, operation, samples); }

  seen_reshard() { seen.at_ms = now_ms; }

  store::fleet_picture seen;
  reshard of{.bot = music, .from = 2, .to = 5, .home = one, .since = base::wall_time(1'800'000'000s)};
  std::vector<store::release_sample> samples;
};

TEST_F(seen_reshard, is_the_sum_of_what_all_nodes_say) {
  live(one);
  live(two);
  owns(one, 0, 2);
  owns(one, 0, 5);
  owns(two, 1, 5);
  tell(one, {operation, 1, 0, 30, 0});
  tell(one, {operation, 3, 0, 20, 1});
  EXPECT_FALSE(view().all_heard) << "node two said nothing";
  tell(two, {operation, 2, 1, 4, 2});
  EXPECT_TRUE(view().all_heard);
  EXPECT_EQ(view().fresh_whole, 5U);
  EXPECT_EQ(view().fresh_refused, 1U);
  EXPECT_EQ(view().guilds_left, 24U);
  EXPECT_EQ(view().unsettled, 3U);
  EXPECT_EQ(view().old_owned, 1U);
  EXPECT_EQ(view().old_at_home, 1U);
  EXPECT_TRUE(view().home_stays);
  EXPECT_EQ(view().fresh_owned, 2U);
}

TEST_F(seen_reshard, counts_nothing_that_is_old_or_of_another_operation) {
  live(one);
  EXPECT_FALSE(view().all_heard);
  tell(one, {operation, 5, 0, 0, 0}, 11s);
  EXPECT_FALSE(view().all_heard);
  tell(one, {operation + 1, 5, 0, 0, 0});
  EXPECT_FALSE(view().all_heard);
  of.since = base::wall_time(std::chrono::milliseconds(now_ms - 500));
  tell(one, {operation, 5, 0, 0, 0}, 600ms);
  EXPECT_FALSE(view().all_heard) << "of the state before";
  tell(one, {operation, 5, 0, 0, 0}, 400ms);
  EXPECT_TRUE(view().all_heard);
}

TEST_F(seen_reshard, needs_a_node_that_serves_the_bot) {
  EXPECT_FALSE(view().all_heard);
}

TEST_F(seen_reshard, has_no_home_that_stays_where_it_drains_or_is_gone) {
  EXPECT_FALSE(view().home_stays);
  live(one);
  seen.nodes.back().drain_asked = true;
  EXPECT_FALSE(view().home_stays);
}

TEST_F(seen_reshard, may_run_on_whoever_has_most_of_the_shards) {
  live(one);
  live(two);
  owns(two, 0, 2);
  const auto places = reshard_places(seen, music);
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places.front().node, two);
  EXPECT_EQ(places.front().shards, 1U);
  seen.nodes.back().drain_asked = true;
  EXPECT_EQ(reshard_places(seen, music).size(), 1U) << "one that drains is none";
}

TEST_F(seen_reshard, does_not_run_on_a_node_of_another_release) {
  live(one);
  live(two);
  owns(two, 0, 2);
  seen.nodes.front().report.release = "2";
  seen.nodes.back().report.release = "1";
  const auto places = reshard_places(seen, music);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places.front().node, two);
}

TEST(reshard_figures, come_back_as_they_were) {
  const reshard_figures some{9, 3, 1, 250'000, 2};
  EXPECT_EQ(reshard_figures_from_json(to_json(some)), some);
  EXPECT_EQ(reshard_figures_from_json("{}"), std::nullopt);
  EXPECT_EQ(reshard_figures_from_json("no json"), std::nullopt);
}

class beginning_node : public seen_reshard {
 protected:
  [[nodiscard]] count_answer choose(std::optional<std::uint32_t> configured) const {
    return choose_count(seen, {music, one, configured, 1}, newest);
  }
  void ended(reshard_state state) {
    newest = of;
    newest->state = state;
  }
  std::optional<reshard> newest;
};

TEST_F(beginning_node, has_what_is_configured_or_recommended) {
  EXPECT_EQ(choose(4).count, 4U);
  EXPECT_EQ(choose(std::nullopt).count, 1U);
}

TEST_F(beginning_node, does_as_those_that_run_or_waits) {
  owns(two, 0, 4);
  EXPECT_EQ(choose(std::nullopt).count, 4U);
  EXPECT_EQ(choose(4).what, kind::run);
  EXPECT_EQ(choose(2).what, kind::wait);
  EXPECT_THAT(choose(2).why, HasSubstr("run this bot with 4 shards, this one is to have 2"));
}

TEST_F(beginning_node, goes_on_with_a_reshard_whose_node_is_gone) {
  ended(reshard_state::cutting);
  newest->home = two;
  owns({"one", 9}, 0, 2);  // a predecessor's, that has not ended yet
  owns({"one", 9}, 0, 5);
  EXPECT_EQ(choose(2).what, kind::reshard);
  EXPECT_EQ(choose(2).count, 5U);
}

TEST_F(beginning_node, leaves_a_node_that_was_named_just_now_the_time_to_begin) {
  ended(reshard_state::cutting);
  newest->home = two;
  newest->home_since = base::wall_time(std::chrono::milliseconds(now_ms)) - 14s;
  EXPECT_EQ(choose(2).what, kind::wait);
  newest->home_since -= 1s;
  EXPECT_EQ(choose(2).what, kind::reshard);
}

TEST_F(beginning_node, goes_on_where_the_named_node_does_not_serve_the_bot_any_more) {
  ended(reshard_state::cutting);
  newest->home = two;
  live(two);
  EXPECT_EQ(choose(2).what, kind::wait);
  seen.nodes.back().report.serves.clear();
  EXPECT_EQ(choose(2).what, kind::reshard);
}

TEST_F(beginning_node, goes_on_with_what_an_earlier_process_of_its_name_began) {
  ended(reshard_state::cutting);
  newest->home = {"one", 9};
  live({"one", 9});
  EXPECT_EQ(choose(2).what, kind::reshard);
}

TEST_F(beginning_node, does_as_the_others_while_the_shards_come_together) {
  ended(reshard_state::gathering);
  newest->home = two;
  live(two);
  owns(two, 0, 2);
  EXPECT_EQ(choose(std::nullopt).what, kind::run);
  EXPECT_EQ(choose(std::nullopt).count, 2U);
}

TEST_F(beginning_node, waits_while_another_one_changes_the_number) {
  ended(reshard_state::connecting);
  newest->home = two;
  live(two);
  EXPECT_EQ(choose(std::nullopt).what, kind::wait);
  EXPECT_THAT(choose(std::nullopt).why, HasSubstr("node two changes the bot from 2 to 5 shards"));
}

TEST_F(beginning_node, keeps_the_number_that_the_bot_was_given) {
  ended(reshard_state::done);
  EXPECT_EQ(choose(std::nullopt).count, 5U);
  EXPECT_EQ(choose(2).count, 5U);
  EXPECT_THAT(choose(2).warning, HasSubstr("says 2 shards, but the bot was given 5"));
  EXPECT_EQ(choose(3).count, 3U) << "it was configured anew";
  ended(reshard_state::aborted);
  EXPECT_EQ(choose(2).count, 2U);
  EXPECT_EQ(choose(std::nullopt).count, 1U);
}

}  // namespace
}  // namespace guildfleet::fleet
