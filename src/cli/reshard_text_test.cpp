#include "cli/reshard_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace guildfleet::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr base::wall_time noon{1'800'000'000s};

fleet::reshard_plan plan() {
  return fleet::plan_reshard({.bot = {"music"}, .from = 4, .to = 6, .home = {"one", 1}, .started_by = "mika"},
                             {.total = 1'000, .remaining = 900, .max_concurrency = 1}, {}, noon)
      .value();
}

shown_reshard shown(fleet::reshard_state state, fleet::reshard_view view = {}) {
  shown_reshard out{};
  out.row.id = 3;
  out.row.active = !fleet::has_ended(state);
  out.of = plan().operation;
  out.of.state = state;
  out.view = view;
  return out;
}

TEST(reshard_text, tells_before_what_it_costs) {
  std::ostringstream out;
  print_plan(plan(), {out, out});
  EXPECT_THAT(out.str(), HasSubstr("music: 4 -> 6 shards"));
  EXPECT_THAT(out.str(), HasSubstr("6; 894 of the day's are left after them, 200 are kept back"));
  EXPECT_THAT(out.str(), HasSubstr("one runs both sets meanwhile\n"));
  EXPECT_EQ(plan_json(plan(), true).at("left_after"), 894);
}

TEST(reshard_text, tells_which_node_the_shards_come_to) {
  std::ostringstream out;
  fleet::reshard_plan spread = plan();
  spread.moves = 2;
  print_plan(spread, {out, out});
  EXPECT_THAT(out.str(), HasSubstr("one runs both sets meanwhile; 2 shards come to it without an identify"));
  EXPECT_EQ(plan_json(spread, true).at("node"), "one");
  EXPECT_THAT(progress_text(shown(fleet::reshard_state::gathering, {.old_at_home = 3})),
              HasSubstr("3 of 4 shards are on one"));
}

TEST(reshard_text, tells_how_far_it_is) {
  using fleet::reshard_state;
  EXPECT_EQ(progress_text(shown(reshard_state::connecting, {.fresh_whole = 2})),
            "2 of 6 new shards are there");
  EXPECT_EQ(progress_text(shown(reshard_state::cutting)), "begins");
  EXPECT_EQ(progress_text(shown(reshard_state::cutting, {.guilds_left = 1, .all_heard = true})),
            "1 server left");
  EXPECT_EQ(progress_text(shown(reshard_state::closing, {.old_owned = 3})), "3 old shards left");
  EXPECT_EQ(progress_text(shown(reshard_state::done)), "");
}

TEST(reshard_text, has_no_numbers_where_none_were_heard) {
  const auto unheard = reshard_json(shown(fleet::reshard_state::cutting));
  EXPECT_TRUE(unheard.at("servers_left").is_null());
  const auto heard =
      reshard_json(shown(fleet::reshard_state::cutting, {.guilds_left = 5, .all_heard = true}));
  EXPECT_EQ(heard.at("servers_left"), 5);
  EXPECT_EQ(heard.at("state"), "cutting");
}

}  // namespace
}  // namespace guildfleet::cli
