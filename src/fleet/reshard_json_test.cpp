#include "fleet/reshard_json.hpp"

#include <gmock/gmock.h>

#include "fleet/error.hpp"
#include "fleet/rollout_json.hpp"
#include "store/rollout_rows.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const reshard some{.bot = {"music"},
                   .from = 2,
                   .to = 5,
                   .limits = {1min, 5min, 10s},
                   .identify_time = 21s,
                   .home = {"one", UINT64_MAX},
                   .home_since = base::wall_time(1'750'000'000s),
                   .state = reshard_state::aborting,
                   .since = base::wall_time(1'800'000'000s),
                   .reason = "mika wants it",
                   .started_by = "mika@host",
                   .started_at = base::wall_time(1'700'000'000s)};

TEST(reshard_json, comes_back_as_it_was) {
  EXPECT_EQ(reshard_from_json(to_json(some)).value(), some);
}

TEST(reshard_json, begins_as_the_stores_know_its_kind) {
  std::string begin(store::other_kind_begins);
  ASSERT_EQ(begin.back(), '%');
  begin.pop_back();
  EXPECT_TRUE(to_json(some).starts_with(begin));
}

TEST(reshard_json, is_none_of_the_rollouts) {
  EXPECT_TRUE(is_reshard(to_json(some)));
  const auto refused = rollout_from_json(to_json(some));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), fleet_error::rollout_text);
  EXPECT_THAT(refused.error().message(), HasSubstr("a reshard"));
  EXPECT_FALSE(is_reshard("{}"));
  EXPECT_FALSE(is_reshard("no json"));
  EXPECT_FALSE(reshard_from_json("{}"));
}

TEST(reshard_json, refuses_what_it_cannot_follow) {
  for (const char* text : {R"({"kind":"reshard","from":2,"to":2,"state":"cutting"})",
                           R"({"kind":"reshard","from":0,"to":2,"state":"cutting"})",
                           R"({"kind":"reshard","from":1,"to":2,"state":"resting"})",
                           R"({"kind":"reshard","from":1,"to":99999999,"state":"cutting"})"})
    EXPECT_EQ(reshard_from_json(text).error().code(), fleet_error::reshard_text) << text;
}

}  // namespace
}  // namespace guildfleet::fleet
