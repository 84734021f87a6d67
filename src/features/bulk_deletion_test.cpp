#include "features/bulk_deletion.hpp"

#include <gtest/gtest.h>

namespace guildfleet::features {
namespace {

using discord::message_id;

constexpr base::wall_time now{std::chrono::hours(24 * 365 * 55)};

message_id written(std::chrono::minutes ago, std::uint64_t number = 0) {
  constexpr std::uint64_t discord_epoch = 1'420'070'400'000;
  const auto at = std::chrono::duration_cast<std::chrono::milliseconds>((now - ago).time_since_epoch());
  return {((static_cast<std::uint64_t>(at.count()) - discord_epoch) << 22U) + number};
}

TEST(bulk_deletion, takes_old_messages_one_by_one_and_a_hundred_of_the_others_together) {
  std::vector<message_id> all;
  for (std::uint64_t i = 0; i < 2; ++i) all.push_back(written(std::chrono::days(15), i));
  for (std::uint64_t i = 0; i < 201; ++i) all.push_back(written(std::chrono::minutes(1), i));
  const auto batches = deletion_batches(all, now);
  std::vector<std::size_t> sizes;
  for (const auto& each : batches) sizes.push_back(each.size());
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 1, 100, 100, 1}));
  EXPECT_TRUE(deletion_batches({}, now).empty());
}

TEST(bulk_deletion, counts_as_old_what_comes_near_to_two_weeks) {
  EXPECT_TRUE(is_deleted_at_once(written(deleted_at_once_within - std::chrono::minutes(1)), now));
  EXPECT_FALSE(is_deleted_at_once(written(deleted_at_once_within), now));
}

}  // namespace
}  // namespace guildfleet::features
