#include "fleet/lease_plan.hpp"

#include <gmock/gmock.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using store::fleet_picture;
using store::lease_key;
using store::node_identity;
using testing::ElementsAre;
using testing::IsEmpty;

const node_identity alpha{"alpha", 1};
const node_identity beta{"beta", 2};
const store::bot_name music{"music"};
const store::bot_name games{"games"};
constexpr std::uint32_t any_number = 1'000;

store::node_row node(const node_identity& who, std::vector<store::served_shards> serves) {
  store::node_row row;
  row.identity = who;
  row.report.serves = std::move(serves);
  return row;
}
lease_key key(const store::bot_name& bot, std::uint32_t index, std::uint32_t count) {
  return {bot, {index, count}};
}
store::lease_row owned(const lease_key& what, const node_identity& by, std::chrono::milliseconds left = 10s) {
  return {.key = what, .owner = by, .epoch = 1, .free_in = left};
}

TEST(lease_plan, a_node_alone_takes_all_shards_of_all_its_bots) {
  const fleet_picture seen{{node(alpha, {{music, 2}, {games, 1}})}, {}};
  EXPECT_THAT(plan_leases(seen, alpha, {}, any_number).take,
              ElementsAre(key(music, 0, 2), key(music, 1, 2), key(games, 0, 1)));
}

TEST(lease_plan, each_bot_is_shared_among_those_that_serve_it) {
  const fleet_picture seen{{node(alpha, {{music, 2}, {games, 1}}), node(beta, {{music, 2}})}, {}};
  EXPECT_THAT(plan_leases(seen, alpha, {}, any_number).take, ElementsAre(key(music, 0, 2), key(games, 0, 1)));
  EXPECT_THAT(plan_leases(seen, beta, {}, any_number).take, ElementsAre(key(music, 1, 2)));
}

TEST(lease_plan, what_expired_is_free_and_what_a_dead_node_holds_is_not_yet) {
  const fleet_picture seen{{node(alpha, {{music, 3}})},
                           {owned(key(music, 0, 3), beta, 0s), owned(key(music, 1, 3), beta)}};
  EXPECT_THAT(plan_leases(seen, alpha, {}, any_number).take, ElementsAre(key(music, 0, 3), key(music, 2, 3)));
}

TEST(lease_plan, takes_nothing_where_others_have_another_number_of_shards) {
  fleet_picture seen{{node(alpha, {{music, 2}}), node(beta, {{music, 3}})}, {owned(key(music, 0, 3), beta)}};
  EXPECT_THAT(plan_leases(seen, alpha, {}, any_number).take, IsEmpty());
  EXPECT_TRUE(stands_aside(seen, alpha, {music, 2}));
  EXPECT_FALSE(stands_aside(seen, beta, {music, 3}));
  EXPECT_FALSE(stands_aside(seen, alpha, {music, 2}, {{music, {.only = alpha}}})) << "it changes the number";
  seen.leases.front().owner = {alpha.name, 9};
  EXPECT_FALSE(stands_aside(seen, alpha, {music, 2})) << "a predecessor's";
}

class only_alpha : public testing::Test {
 protected:
  fleet_picture seen{{node(alpha, {{music, 3}}), node(beta, {{music, 3}})}, {owned(key(music, 0, 3), beta)}};
  release_rules rules{{music, {.only = alpha}}};
};

TEST_F(only_alpha, takes_what_is_free) {
  EXPECT_THAT(plan_leases(seen, alpha, {}, any_number, rules).take,
              ElementsAre(key(music, 1, 3), key(music, 2, 3)));
  EXPECT_THAT(plan_leases(seen, beta, {key(music, 0, 3)}, any_number, rules).take, IsEmpty());
}

TEST_F(only_alpha, is_given_what_others_have_however_much_that_is) {
  EXPECT_THAT(plan_leases(seen, beta, {key(music, 0, 3)}, 0, rules).give,
              ElementsAre(lease_gift{key(music, 0, 3), alpha}));
}

TEST_F(only_alpha, is_not_stood_in_for_when_it_is_gone) {
  seen.nodes.erase(seen.nodes.begin());
  const lease_plan plan = plan_leases(seen, beta, {key(music, 0, 3)}, any_number, rules);
  EXPECT_THAT(plan.take, IsEmpty());
  EXPECT_THAT(plan.give, IsEmpty());
}

TEST(lease_plan, tells_what_somebody_handed_over) {
  const fleet_picture seen{{node(alpha, {{music, 2}})},
                           {owned(key(music, 0, 2), alpha), owned(key(music, 1, 2), alpha)}};
  const lease_plan plan = plan_leases(seen, alpha, {key(music, 1, 2)}, any_number);
  EXPECT_THAT(plan.mine, ElementsAre(key(music, 0, 2)));
  EXPECT_THAT(plan.take, IsEmpty());
}

TEST(lease_plan, gives_a_new_node_its_part) {
  const fleet_picture seen{{node(alpha, {{music, 2}}), node(beta, {{music, 2}})},
                           {owned(key(music, 0, 2), alpha), owned(key(music, 1, 2), alpha)}};
  EXPECT_THAT(plan_leases(seen, alpha, {key(music, 0, 2), key(music, 1, 2)}, any_number).give,
              ElementsAre(lease_gift{key(music, 1, 2), beta}));
}

TEST(lease_plan, the_moves_are_counted_over_all_bots) {
  const fleet_picture seen{{node(alpha, {{music, 2}, {games, 2}}), node(beta, {{music, 2}, {games, 2}})},
                           {owned(key(music, 0, 2), alpha), owned(key(music, 1, 2), alpha),
                            owned(key(games, 0, 2), alpha), owned(key(games, 1, 2), alpha)}};
  EXPECT_THAT(plan_leases(seen, alpha, {}, 1).give, ElementsAre(lease_gift{key(music, 1, 2), beta}));
}

TEST(lease_plan, a_namesake_of_an_earlier_life_is_a_stranger) {
  const node_identity before{"alpha", 77};
  const fleet_picture seen{{node(alpha, {{music, 1}})}, {owned(key(music, 0, 1), before)}};
  const lease_plan plan = plan_leases(seen, alpha, {}, any_number);
  EXPECT_THAT(plan.take, IsEmpty());
  EXPECT_THAT(plan.mine, IsEmpty());
}

TEST(lease_plan, who_is_not_seen_does_nothing) {
  const fleet_picture seen{{node(beta, {{music, 1}})}, {}};
  EXPECT_THAT(plan_leases(seen, alpha, {}, any_number).take, IsEmpty());
}

}  // namespace
}  // namespace guildfleet::fleet
