#include <array>

#include "store/contract_fleet_test.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

node_report report_of(std::vector<served_shards> serves = {}) {
  return {.release = "0.2.0",
          .address = "10.0.0.1:7400",
          .certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
          .weight = 4,
          .draining = false,
          .serves = std::move(serves)};
}
const std::vector<served_shards> music_by_two{{{"music"}, 2}};

fleet_picture attended(store& node, const node_report& report = report_of()) {
  auto picture = node.attend(report, ttl);
  EXPECT_TRUE(picture) << picture.error().message();
  return std::move(picture).value_or(fleet_picture{});
}

std::vector<std::string> names_of(const fleet_picture& picture) {
  std::vector<std::string> names;
  for (const node_row& node : picture.nodes) names.push_back(node.identity.name);
  return names;
}

TEST_P(store_contract, a_node_that_attends_sees_itself_and_the_others) {
  auto b = world->open(node_b);
  const node_report of_b{.release = "0.1.0", .draining = true};
  attended(*b, of_b);
  world->advance(3s);
  auto a = world->open(node_a);
  world->advance(2s);
  const auto of_a = report_of({{{"music"}, 2}, {{"game"}, 16}});
  for (const auto& picture : {attended(*a, of_a), surveyed(*b)}) {
    ASSERT_THAT(names_of(picture), ElementsAre("alpha", "beta"));
    EXPECT_EQ(picture.nodes[0].identity, node_a);
    EXPECT_EQ(picture.nodes[0].report, of_a);
    EXPECT_EQ(picture.nodes[0].up_for, 2s);
    EXPECT_EQ(picture.nodes[0].seen_ago, 0s);
    EXPECT_EQ(picture.nodes[1].report, of_b);
    EXPECT_EQ(picture.nodes[1].seen_ago, 5s);
  }
}

TEST_P(store_contract, a_later_report_replaces_the_earlier_and_the_node_stays_up) {
  auto a = world->open(node_a);
  attended(*a, report_of(music_by_two));
  world->advance(5s);
  node_report changed = report_of();
  changed.draining = true;
  changed.weight = 0xffff'ffffU;
  const auto picture = attended(*a, changed);
  ASSERT_THAT(picture.nodes, SizeIs(1));
  EXPECT_EQ(picture.nodes[0].report, changed);
  EXPECT_EQ(picture.nodes[0].up_for, 5s);
  EXPECT_EQ(picture.nodes[0].seen_ago, 0s);
}

TEST_P(store_contract, a_node_lives_until_its_term_is_over) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  attended(*a);
  world->advance(ttl - 1ms);
  EXPECT_THAT(names_of(surveyed(*b)), ElementsAre("alpha"));
  world->advance(1ms);
  EXPECT_THAT(names_of(surveyed(*b)), IsEmpty());
  EXPECT_THAT(names_of(attended(*a)), ElementsAre("alpha")) << "it may come back";
}

TEST_P(store_contract, a_node_that_leaves_is_gone_at_once_and_alone) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  attended(*a);
  attended(*b);
  ASSERT_TRUE(a->leave());
  EXPECT_THAT(names_of(surveyed(*b)), ElementsAre("beta"));
  ASSERT_TRUE(a->leave()) << "twice does no harm";
}

TEST_P(store_contract, a_dead_node_is_gone_once_its_death_is_proven_or_its_term_over) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  attended(*a);
  acquired(*a, first);
  a.reset();
  if (!world->proves_death()) {
    EXPECT_THAT(names_of(surveyed(*b)), ElementsAre("alpha"));
    world->advance(ttl);
  }
  const auto picture = attended(*b, report_of(music_by_two));
  EXPECT_THAT(names_of(picture), ElementsAre("beta"));
  EXPECT_THAT(picture.leases, ElementsAre(is_lease(first, "alpha", 1, 0s)));
}

TEST_P(store_contract, a_restarted_node_takes_its_name_at_once) {
  auto a = world->open(node_a);
  attended(*a);
  a.reset();
  world->advance(1s);
  auto again = world->open(node_a_restarted);
  const auto picture = attended(*again);
  ASSERT_THAT(picture.nodes, SizeIs(1));
  EXPECT_EQ(picture.nodes[0].identity, node_a_restarted);
  EXPECT_EQ(picture.nodes[0].up_for, 0s);
}

TEST_P(store_contract, a_second_living_process_of_a_node_name_may_not_attend) {
  auto a = world->open(node_a);
  auto twin = world->open(node_a_restarted);
  attended(*a);
  world->advance(ttl - 1ms);
  const auto refused = twin->attend(report_of(), ttl);
  ASSERT_TRUE(runs_twice(refused));
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("node alpha"));
  EXPECT_EQ(surveyed(*twin).nodes.at(0).identity, node_a);
  world->advance(1ms);
  EXPECT_EQ(attended(*twin).nodes.at(0).identity, node_a_restarted);
  EXPECT_TRUE(runs_twice(a->attend(report_of(), ttl))) << "its own term was over";
  ASSERT_TRUE(a->leave());
  EXPECT_EQ(surveyed(*a).nodes.at(0).identity, node_a_restarted) << "a name is given up by its owner only";
}

// On a server the newcomer's first report may be kept; not for long.
TEST_P(store_contract, a_newcomer_does_not_push_out_the_living_node_of_its_name) {
  auto a = world->open(node_a);
  attended(*a);
  world->advance(1s);
  auto twin = world->open(node_a_restarted);
  for (int beat = 0; beat < 3; ++beat) {
    const auto outcome = twin->attend(report_of(), ttl);
    EXPECT_TRUE(runs_twice(outcome) || beat == 0);
    world->advance(1s);
    const auto picture = attended(*a);
    ASSERT_THAT(picture.nodes, SizeIs(1));
    EXPECT_EQ(picture.nodes[0].identity, node_a);
    EXPECT_EQ(picture.nodes[0].up_for, (beat + 2) * 1s);
  }
}

TEST_P(store_contract, a_node_learns_that_it_is_to_drain_and_its_successor_of_that_name_does_not) {
  auto alpha = world->open(node_a);
  auto beta = world->open(node_b);
  EXPECT_EQ(beta->ask_to_drain("alpha", true).value(), false) << "it does not live yet";
  const auto asked = [&](store& node) {
    const auto seen = node.attend({}, ttl).value();
    const auto own = std::ranges::find(seen.nodes, std::string("alpha"),
                                       [](const node_row& row) { return row.identity.name; });
    return own != seen.nodes.end() && own->drain_asked;
  };
  EXPECT_FALSE(asked(*alpha));
  EXPECT_EQ(beta->ask_to_drain("alpha", true).value(), true);
  EXPECT_TRUE(asked(*alpha));
  EXPECT_TRUE(asked(*alpha)) << "until it is taken back";
  EXPECT_EQ(beta->ask_to_drain("alpha", false).value(), true);
  EXPECT_FALSE(asked(*alpha));
  EXPECT_EQ(beta->ask_to_drain("alpha", true).value(), true);
  alpha.reset();
  world->advance(ttl);
  auto again = world->open(node_a_restarted);
  EXPECT_FALSE(asked(*again));
}

TEST_P(store_contract, attending_shows_the_leases_of_what_is_served) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*b, second);
  acquired(*b, other_bot);
  world->advance(4s);
  acquired(*a, first);
  EXPECT_THAT(attended(*a, report_of(music_by_two)).leases,
              ElementsAre(is_lease(first, "alpha", 1, ttl), is_lease(second, "beta", 1, 11s)));
  EXPECT_THAT(attended(*a, report_of({{{"game"}, 2}})).leases,
              ElementsAre(is_lease(other_bot, "beta", 1, 11s)));
  EXPECT_THAT(attended(*a).leases, IsEmpty());
  EXPECT_THAT(surveyed(*a).leases,
              ElementsAre(is_lease(other_bot, "beta", 1, 11s), is_lease(first, "alpha", 1, ttl),
                          is_lease(second, "beta", 1, 11s)));
}

TEST_P(store_contract, attending_shows_what_others_own_of_another_number_of_shards) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*b, resharded);
  EXPECT_THAT(attended(*a, report_of(music_by_two)).leases, ElementsAre(is_lease(resharded, "beta", 1, ttl)));
  ASSERT_TRUE(b->release(std::array{resharded}));
  EXPECT_THAT(attended(*a, report_of(music_by_two)).leases, IsEmpty());
}

TEST_P(store_contract, a_picture_tells_free_leases_from_held_ones) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*a, first);
  acquired(*a, second);
  ASSERT_TRUE(a->release(std::array{second}));
  world->advance(ttl - 1ms);
  EXPECT_THAT(attended(*b, report_of(music_by_two)).leases,
              ElementsAre(is_lease(first, "alpha", 1, 1ms), is_lease(second, "", 1, 0s)));
  world->advance(1ms);
  EXPECT_THAT(attended(*a, report_of(music_by_two)).leases,
              ElementsAre(is_lease(first, "alpha", 1, 0s), is_lease(second, "", 1, 0s)));
}

TEST_P(store_contract, a_node_may_have_odd_characters_in_its_fields) {
  auto a = world->open({"o'br\"ien\\\n]\u3042", 11 << 4});
  const node_report odd{.release = "1\\0'",
                        .address = "[::1]:7400",
                        .certificate = "\"a\"\r\n\t{}$1?",
                        .serves = {{{"mu'si\"c\\\n],["}, 3}, {{"\u97f3\u697d"}, 1}}};
  const lease_key key{odd.serves[0].bot, {2, 3}};
  acquired(*a, key);
  const auto picture = attended(*a, odd);
  ASSERT_THAT(picture.nodes, SizeIs(1));
  EXPECT_EQ(picture.nodes[0].identity.name, "o'br\"ien\\\n]\u3042");
  EXPECT_EQ(picture.nodes[0].report, odd);
  ASSERT_THAT(picture.leases, SizeIs(1));
  EXPECT_EQ(picture.leases[0].key, key);
}

TEST_P(store_contract, what_no_database_can_hold_in_a_report_blinds_nobody) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  attended(*a, {.release = std::string("a\0b", 3), .serves = {{{std::string("c\0d\xff", 4)}, 2}}});
  const auto picture = attended(*b);
  ASSERT_THAT(names_of(picture), ElementsAre("alpha", "beta"));
  EXPECT_THAT(picture.nodes[0].report.serves, ElementsAre(served_shards{{"c\uFFFDd\uFFFD"}, 2}));
}

TEST_P(store_contract, knows_when_it_has_company) {
  auto a = world->open(node_a);
  if (world->proves_death()) EXPECT_EQ(a->has_company(), false);
  auto b = world->open(node_b);
  EXPECT_EQ(a->has_company(), true);
}

TEST_P(store_contract, nodes_gone_for_a_day_are_forgotten_and_may_come_back) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  attended(*a);
  for (int day = 0; day < 3; ++day) {
    world->advance(std::chrono::hours(24));
    EXPECT_THAT(names_of(attended(*b)), ElementsAre("beta"));
  }
  EXPECT_THAT(names_of(attended(*a)), ElementsAre("alpha", "beta"));
}

}  // namespace
}  // namespace guildfleet::store
