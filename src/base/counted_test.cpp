#include "base/counted.hpp"

#include <gtest/gtest.h>

namespace guildfleet::base {
namespace {

constexpr counted members{"{count} member", "{count} members", "{count}人"};
constexpr counted rooms{"{who} has {count} room.", "{who} has {count} rooms.", "{who}の部屋: {count} 件"};

TEST(counted, tells_one_from_several_in_english_alone) {
  EXPECT_EQ(members.format(language::english, 0), "0 members");
  EXPECT_EQ(members.format(language::english, 1), "1 member");
  EXPECT_EQ(members.format(language::english, 2), "2 members");
  EXPECT_EQ(members.format(language::japanese, 1), "1人");
}

TEST(counted, fills_further_placeholders) {
  EXPECT_EQ(rooms.format(language::english, 1, fmt::arg("who", "Ada")), "Ada has 1 room.");
  EXPECT_EQ(rooms.format(language::japanese, 2, fmt::arg("who", "Ada")), "Adaの部屋: 2 件");
}

}  // namespace
}  // namespace guildfleet::base
