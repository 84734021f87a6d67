// The checker of ownership finds what it is there to find.
#include "integration/ownership.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guildfleet::integration {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::chrono::milliseconds tolerance{2};

base::steady_time at(std::chrono::milliseconds time) {
  return base::steady_time(time);
}

// One shard with leases of a second.
struct story {
  story& owns(const std::string& node, std::uint64_t epoch, std::chrono::milliseconds when) {
    changes.push_back({.shard = 0,
                       .node = node,
                       .incarnation = 1,
                       .epoch = epoch,
                       .handed_over = false,
                       .expires = at(when + 1s),
                       .at = at(when)});
    return *this;
  }
  story& is_given(const std::string& node, std::uint64_t epoch, std::chrono::milliseconds when) {
    owns(node, epoch, when);
    changes.back().handed_over = true;
    return *this;
  }
  story& is_released(std::uint64_t epoch, std::chrono::milliseconds when) {
    owns("", epoch, when);
    changes.back().expires = at(0ms);
    return *this;
  }
  story& acts(const std::string& node, std::chrono::milliseconds when) {
    actions.push_back({node, 0, 7, at(when)});
    return *this;
  }
  [[nodiscard]] std::vector<breach> breaches() const {
    std::vector<breach> out;
    for (const violation& each : find_violations(changes, actions, tolerance)) out.push_back(each.what);
    return out;
  }

  std::vector<lease_change> changes;
  std::vector<owner_action> actions;
};

TEST(ownership, an_owner_may_act_until_its_lease_ends) {
  const auto found = story().owns("a", 1, 0ms).acts("a", 1ms).owns("a", 1, 500ms).acts("a", 1'400ms);
  EXPECT_THAT(found.breaches(), IsEmpty());
}

TEST(ownership, an_action_past_the_end_is_found) {
  EXPECT_THAT(story().owns("a", 1, 0ms).acts("a", 1'010ms).breaches(), ElementsAre(breach::expired));
}

TEST(ownership, a_renewal_that_comes_after_the_action_does_not_excuse_it) {
  EXPECT_THAT(story().owns("a", 1, 0ms).acts("a", 1'010ms).owns("a", 1, 1'100ms).breaches(),
              ElementsAre(breach::expired));
}

TEST(ownership, an_action_without_ownership_is_found) {
  EXPECT_THAT(story().acts("a", 5ms).breaches(), ElementsAre(breach::not_owner));
  EXPECT_THAT(story().owns("a", 1, 0ms).acts("b", 5ms).breaches(), ElementsAre(breach::not_owner));
  EXPECT_THAT(story().owns("a", 1, 0ms).is_released(1, 50ms).acts("a", 60ms).breaches(),
              ElementsAre(breach::not_owner));
}

TEST(ownership, two_who_act_at_once_are_found) {
  const auto both = story().owns("a", 1, 0ms).is_given("b", 2, 100ms).acts("b", 110ms).acts("a", 120ms);
  EXPECT_THAT(both.breaches(), ElementsAre(breach::not_owner));
}

TEST(ownership, clocks_may_differ_by_the_tolerance_and_no_more) {
  const auto gives = story().owns("a", 1, 0ms).is_given("b", 2, 100ms);
  EXPECT_THAT(story(gives).acts("a", 101ms).acts("b", 99ms).breaches(), IsEmpty());
  EXPECT_THAT(story(gives).acts("a", 103ms).breaches(), ElementsAre(breach::not_owner));
  EXPECT_THAT(story(gives).acts("b", 97ms).breaches(), ElementsAre(breach::not_owner));
}

TEST(ownership, an_epoch_that_goes_back_is_found) {
  EXPECT_THAT(story().owns("a", 2, 0ms).owns("a", 1, 100ms).breaches(), ElementsAre(breach::epoch_went_back));
}

TEST(ownership, an_epoch_has_one_owner) {
  EXPECT_THAT(story().owns("a", 1, 0ms).owns("b", 1, 2s).breaches(), ElementsAre(breach::epoch_went_back));
  EXPECT_THAT(story().owns("a", 1, 0ms).is_released(1, 10ms).owns("b", 1, 20ms).breaches(),
              ElementsAre(breach::epoch_went_back));
}

TEST(ownership, a_process_of_the_same_name_is_another_owner) {
  auto again = story().owns("a", 1, 0ms).owns("a", 1, 2s);
  again.changes.back().incarnation = 2;
  EXPECT_THAT(again.breaches(), ElementsAre(breach::epoch_went_back));
}

TEST(ownership, a_lease_is_taken_after_its_end_or_given) {
  EXPECT_THAT(story().owns("a", 1, 0ms).owns("b", 2, 1'001ms).breaches(), IsEmpty());
  EXPECT_THAT(story().owns("a", 1, 0ms).is_given("b", 2, 100ms).breaches(), IsEmpty());
  EXPECT_THAT(story().owns("a", 1, 0ms).is_released(1, 100ms).owns("b", 2, 110ms).breaches(), IsEmpty());
  EXPECT_THAT(story().owns("a", 1, 0ms).owns("b", 2, 900ms).breaches(), ElementsAre(breach::taken_early));
}

TEST(ownership, what_is_found_names_who_when_and_what) {
  const auto found = story().owns("a", 3, 0ms).acts("b", 5ms);
  const auto all = find_violations(found.changes, found.actions, tolerance);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().text, "b handled message 7 of shard 0, owned by a (epoch 3)");
  EXPECT_EQ(all.front().at, at(5ms));
}

}  // namespace
}  // namespace guildfleet::integration
