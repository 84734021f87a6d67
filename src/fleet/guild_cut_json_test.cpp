#include "fleet/guild_cut_json.hpp"

#include <gmock/gmock.h>

#include "fleet/error.hpp"

namespace guildfleet::fleet {
namespace {

TEST(guild_cut_json, comes_back_as_it_was) {
  const guild_cut some{.guild = {7},
                       .position = UINT64_MAX,
                       .open = {1, UINT64_MAX - 1},
                       .owed = {{{5, false}, 3}, {{UINT64_MAX - 2, true}, 1}}};
  EXPECT_EQ(guild_cut_from_json({7}, to_json(some)).value(), some);
  EXPECT_EQ(guild_cut_from_json({8}, to_json({})).value(), guild_cut{.guild = {8}});
}

TEST(guild_cut_json, refuses_what_it_cannot_follow) {
  for (const char* text :
       {"", "[]", R"({"position":"1","open":[]})", R"({"position":1,"open":[],"owed":[]})",
        R"({"position":"1","open":["x"],"owed":[]})", R"({"position":"1","open":["2","1"],"owed":[]})",
        R"({"position":"1","open":[],"owed":[["5",false]]})",
        R"({"position":"1","open":[],"owed":[["5",false,0]]})"})
    EXPECT_EQ(guild_cut_from_json({7}, text).error().code(), fleet_error::reshard_text) << text;
}

}  // namespace
}  // namespace guildfleet::fleet
