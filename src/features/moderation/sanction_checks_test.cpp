#include "features/moderation/sanction_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/padded_json.hpp"

namespace guildfleet::features {
namespace {

using discord::permission;
using discord::permission_set;
using discord::role_id;
using discord::user_id;
using kind = sanction_obstacle::kind;

constexpr discord::guild_id guild{500};
constexpr user_id owner{1};
constexpr user_id bot{11};
constexpr user_id moderator{20};
constexpr user_id other{30};

// Roles from low to high: 701, the moderator's 702, the bot's 703, 704. The bot may time out and ban, not
// kick.
constexpr const char* guild_json = R"({"id":"500","name":"G","owner_id":"1","unavailable":false,
  "members":[{"user":{"id":"11","bot":true},"roles":["703"]}],"channels":[],"threads":[],
  "roles":[{"id":"500","name":"@everyone","permissions":"0","position":0},
           {"id":"701","name":"low","permissions":"0","position":1},
           {"id":"702","name":"moderators","permissions":"0","position":2},
           {"id":"703","name":"bot","permissions":"1099511627780","position":3},
           {"id":"704","name":"high","permissions":"0","position":4}]})";

class sanction_checks : public testing::Test {
 protected:
  sanction_checks() {
    EXPECT_TRUE(guilds.apply(discord::event_type::guild_create, discord::padded_json(guild_json)));
    by.guild = guild;
    by.user = moderator;
    by.member_roles = {{702}};
    by.member_permissions =
        permission_set(permission::moderate_members) | permission::ban_members | permission::kick_members;
  }
  [[nodiscard]] std::optional<kind> obstacle(mod_action what, user_id user, std::vector<role_id> roles,
                                             bool is_member = true, permission_set permissions = {}) const {
    const auto found = obstacle_to(what, by, guilds, {user, is_member, roles, permissions});
    return found ? std::optional(found->what) : std::nullopt;
  }

  discord::guild_state guilds{bot};
  discord::interaction by;
};

TEST_F(sanction_checks, ranks_of_moderator_and_bot_both_count) {
  const struct {
    mod_action what;
    user_id user;
    std::vector<role_id> roles;
    bool is_member;
    std::optional<kind> obstacle;
  } cases[] = {{mod_action::ban, other, {}, true, std::nullopt},
               {mod_action::ban, other, {{701}}, true, std::nullopt},
               {mod_action::ban, other, {{702}}, true, kind::above_member},
               {mod_action::ban, other, {{704}}, true, kind::above_member},
               {mod_action::ban, other, {}, false, std::nullopt},
               {mod_action::ban, owner, {}, true, kind::above_member},
               {mod_action::ban, moderator, {}, true, kind::oneself},
               {mod_action::ban, bot, {{703}}, true, kind::the_bot},
               {mod_action::kick, other, {}, true, kind::bot_may_not},
               {mod_action::time_out, other, {}, false, kind::not_a_member},
               {mod_action::warn, other, {}, false, kind::not_a_member},
               {mod_action::warn, other, {{702}}, true, kind::above_member},
               {mod_action::unban, other, {}, false, std::nullopt}};
  for (const auto& each : cases)
    EXPECT_EQ(obstacle(each.what, each.user, each.roles, each.is_member), each.obstacle)
        << name_of(each.what) << ' ' << each.user.value;
}

TEST_F(sanction_checks, an_owner_acts_on_all_that_the_bot_stands_above) {
  by.user = owner;
  by.member_roles = {};
  by.member_permissions = discord::all_permissions;
  EXPECT_EQ(obstacle(mod_action::ban, other, {{702}}), std::nullopt);
  EXPECT_EQ(obstacle(mod_action::ban, other, {{703}}), kind::above_bot);
  EXPECT_EQ(obstacle(mod_action::ban, other, {{704}}), kind::above_bot);
  EXPECT_EQ(obstacle(mod_action::warn, other, {{704}}), std::nullopt) << "words need no rank";
  EXPECT_EQ(obstacle(mod_action::time_out, other, {{701}}, true, permission::administrator),
            kind::administrator);
}

TEST_F(sanction_checks, permissions_that_are_missing_are_named_in_both_languages) {
  by.member_permissions = permission::moderate_members;
  const auto lacks = obstacle_to(mod_action::ban, by, guilds, {.user = other});
  ASSERT_TRUE(lacks);
  EXPECT_THAT(told(*lacks, other, language::english), testing::HasSubstr("Ban Members"));
  EXPECT_THAT(told(*lacks, other, language::japanese), testing::HasSubstr("メンバーをBAN"));
}

TEST_F(sanction_checks, of_a_guild_that_is_not_known_yet_is_asked_again_later) {
  by.guild = {9};
  EXPECT_EQ(obstacle(mod_action::ban, other, {}), kind::unknown_guild);
}

}  // namespace
}  // namespace guildfleet::features
