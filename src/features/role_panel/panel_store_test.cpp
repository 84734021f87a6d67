#include "features/role_panel/panel_store.hpp"

#include <gtest/gtest.h>

#include "features/test_kit/feature_world.hpp"

namespace guildfleet::features {
namespace {

constexpr discord::guild_id guild{5};

class panels_of_a_server : public testing::Test {
 protected:
  // The number of the first one; 0: there was no room.
  std::uint64_t create(discord::interaction_id by, std::size_t count = 1) {
    const auto made = test_kit::run(panels.create(guild, std::vector<panel>(count), by));
    EXPECT_TRUE(made);
    return made ? made->value_or(0) : 0;
  }
  std::size_t count() { return test_kit::run(panels.all(guild))->size(); }

  test_kit::kept_records records;
  panel_store panels{records};
};

// The same interaction comes again after a crash.
TEST_F(panels_of_a_server, the_last_one_that_there_is_room_for_is_no_second_one_when_it_comes_again) {
  for (std::uint64_t i = 1; i <= most_panels; ++i) EXPECT_EQ(create({i}), i);
  EXPECT_EQ(create({most_panels}), most_panels);
  EXPECT_EQ(create({most_panels + 1}), 0U) << "there is no room";
}

TEST_F(panels_of_a_server, two_managers_at_the_same_moment_do_not_pass_the_limit) {
  (void)create({1}, most_panels - 1);
  std::uint64_t other = 0;
  records.before_change = [&] { other = create({2}); };
  EXPECT_EQ(create({3}), 0U);
  EXPECT_NE(other, 0U);
  EXPECT_EQ(count(), most_panels);
}

TEST_F(panels_of_a_server, two_managers_at_the_same_moment_both_get_theirs_when_there_is_room) {
  std::uint64_t other = 0;
  records.before_change = [&] { other = create({2}); };
  const std::uint64_t own = create({3});
  EXPECT_NE(own, 0U);
  EXPECT_NE(other, 0U);
  EXPECT_NE(own, other);
  EXPECT_EQ(count(), 2U);
}

TEST_F(panels_of_a_server, several_are_made_at_once_or_none) {
  EXPECT_EQ(create({1}, 20), 1U);
  EXPECT_EQ(create({2}, 6), 0U) << "one too many";
  EXPECT_EQ(count(), 20U);
  EXPECT_EQ(create({1}, 20), 1U) << "the same again";
  EXPECT_EQ(create({3}, 5), 21U);
  EXPECT_EQ(count(), 25U);
}

}  // namespace
}  // namespace guildfleet::features
