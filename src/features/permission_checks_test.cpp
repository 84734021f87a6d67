#include "features/permission_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/padded_json.hpp"
#include "features/permission_names.hpp"

namespace guildfleet::features {
namespace {

using discord::permission;
using discord::permission_set;
using discord::role_id;
using discord::user_id;
using testing::HasSubstr;

constexpr discord::guild_id guild{500};
constexpr discord::channel_id general{600};
constexpr discord::channel_id closed{601};
constexpr discord::channel_id silent{602};
constexpr discord::channel_id category{603};
constexpr discord::channel_id thread{650};
constexpr user_id owner{1};

// Roles from low to high: @everyone 500, low 701, middle 702 and 703 (702 is older, so it is higher), the
// bot's 704, high 705. 706 is managed.
constexpr const char* guild_json = R"({"id":"500","name":"G","owner_id":"1","unavailable":false,
  "members":[{"user":{"id":"11","bot":true},"roles":["704"]}],
  "channels":[{"id":"600","type":0,"name":"general","permission_overwrites":[]},
              {"id":"601","type":0,"name":"closed","permission_overwrites":
                [{"id":"500","type":0,"allow":"0","deny":"1024"}]},
              {"id":"602","type":0,"name":"silent","permission_overwrites":
                [{"id":"500","type":0,"allow":"0","deny":"274877925376"}]},
              {"id":"603","type":4,"name":"category","permission_overwrites":[]}],
  "threads":[{"id":"650","type":11,"parent_id":"602","name":"thread"}],
  "roles":[{"id":"500","name":"@everyone","permissions":"274877926400","position":0},
           {"id":"701","name":"low","permissions":"0","position":1},
           {"id":"702","name":"middle","permissions":"0","position":2},
           {"id":"703","name":"middle too","permissions":"0","position":2},
           {"id":"704","name":"bot","permissions":"268435456","position":3,"managed":true},
           {"id":"705","name":"high","permissions":"8","position":4},
           {"id":"706","name":"boosters","permissions":"0","position":1,"managed":true}]})";

class permission_checks : public testing::Test {
 protected:
  permission_checks() {
    EXPECT_TRUE(guilds.apply(discord::event_type::guild_create, discord::padded_json(guild_json)));
  }
  [[nodiscard]] const discord::guild_record& record() const { return *guilds.find_guild(guild); }
  [[nodiscard]] std::optional<send_obstacle> to_post(discord::channel_id channel,
                                                     permission_set needed = to_send) const {
    return obstacle_to_send(guilds, guild, channel, now, needed);
  }

  discord::guild_state guilds{user_id{11}};
  const base::wall_time now{std::chrono::milliseconds(1'700'000'000'000)};
};

TEST_F(permission_checks, roles_are_ordered_by_position_and_then_by_age) {
  const std::vector<role_id> all{{701}, {703}, {702}, {999}};
  EXPECT_EQ(highest_role(record(), all)->id, role_id{702});
  EXPECT_EQ(highest_role(record(), {}), nullptr);
  EXPECT_FALSE(is_above(*record().find_role({703}), *record().find_role({702})));
}

TEST_F(permission_checks, who_outranks_whom) {
  const std::vector<role_id> none;
  const std::vector<role_id> low{{701}};
  const std::vector<role_id> middle{{702}};
  const std::vector<role_id> high{{705}};
  const struct {
    const char* what;
    ranked_member one;
    ranked_member other;
    bool outranks;
  } cases[] = {{"higher", {{2}, high}, {{3}, low}, true},
               {"lower", {{3}, low}, {{2}, high}, false},
               {"equal", {{2}, middle}, {{3}, middle}, false},
               {"anybody with a role over none", {{2}, low}, {{3}, none}, true},
               {"nobody without a role", {{2}, none}, {{3}, none}, false},
               {"the owner over the highest", {owner, none}, {{2}, high}, true},
               {"nobody over the owner", {{2}, high}, {owner, none}, false},
               {"not oneself", {owner, none}, {owner, none}, false},
               {"not oneself, either", {{2}, high}, {{2}, low}, false}};
  for (const auto& each : cases)
    EXPECT_EQ(outranks(record(), each.one, each.other), each.outranks) << each.what;
}

TEST_F(permission_checks, which_roles_the_bot_can_give) {
  const struct {
    role_id role;
    std::optional<role_obstacle> obstacle;
  } cases[] = {{{701}, std::nullopt},
               {{703}, std::nullopt},
               {{999}, role_obstacle::unknown_role},
               {{500}, role_obstacle::everyone_role},
               {{706}, role_obstacle::managed_role},
               {{704}, role_obstacle::managed_role},
               {{705}, role_obstacle::above_bot}};
  for (const auto& each : cases)
    EXPECT_EQ(obstacle_for_bot(guilds, record(), each.role), each.obstacle) << each.role.value;
}

TEST_F(permission_checks, a_bot_without_manage_roles_gives_none) {
  ASSERT_TRUE(guilds.apply(discord::event_type::guild_role_update,
                           discord::padded_json(R"({"guild_id":"500","role":{"id":"704","name":"bot",
                             "permissions":"0","position":3,"managed":true}})")));
  EXPECT_EQ(obstacle_for_bot(guilds, record(), {701}), role_obstacle::bot_may_not);
}

TEST_F(permission_checks, which_roles_a_member_may_set_up) {
  const std::vector<role_id> middle{{703}};
  const permission_set manages(permission::manage_roles);
  const struct {
    const char* what;
    acting_member who;
    role_id role;
    std::optional<role_obstacle> obstacle;
  } cases[] = {
      {"below", {{2}, middle, manages}, {701}, std::nullopt},
      {"own", {{2}, middle, manages}, {703}, role_obstacle::above_member},
      {"of the same position, and older", {{2}, middle, manages}, {702}, role_obstacle::above_member},
      {"above", {{2}, middle, manages}, {705}, role_obstacle::above_member},
      {"an administrator too", {{2}, middle, discord::all_permissions}, {705}, role_obstacle::above_member},
      {"without the permission", {{2}, middle, {}}, {701}, role_obstacle::member_may_not},
      {"without a role", {{2}, {}, manages}, {701}, role_obstacle::above_member},
      {"the owner", {owner, {}, {}}, {705}, std::nullopt},
      {"not even the owner", {owner, {}, {}}, {500}, role_obstacle::everyone_role}};
  for (const auto& each : cases)
    EXPECT_EQ(obstacle_for_member(record(), each.who, each.role), each.obstacle) << each.what;
}

TEST_F(permission_checks, where_the_bot_can_post) {
  using kind = send_obstacle::kind;
  const auto missing = [](permission one) {
    return send_obstacle{.what = kind::missing_permissions, .missing = permission_set(one)};
  };
  EXPECT_EQ(to_post(general), std::nullopt);
  EXPECT_EQ(to_post(general, to_send_embeds), std::nullopt);
  EXPECT_EQ(to_post(general, to_send | permission::manage_messages), missing(permission::manage_messages));
  EXPECT_EQ(to_post(closed), missing(permission::view_channel));
  EXPECT_EQ(to_post(silent, to_send_embeds), missing(permission::send_messages));
  EXPECT_EQ(to_post(thread), missing(permission::send_messages_in_threads));
  EXPECT_EQ(to_post(category), send_obstacle{.what = kind::no_place_for_messages});
  EXPECT_EQ(to_post({999}), send_obstacle{.what = kind::unknown_channel});
  EXPECT_EQ(obstacle_to_send(guilds, {501}, general, now), send_obstacle{.what = kind::unknown_channel});
}

TEST_F(permission_checks, obstacles_are_told_in_both_languages) {
  const send_obstacle no_send = *to_post(silent);
  EXPECT_EQ(told(no_send, silent, language::english),
            "The bot cannot post in <#602>. It lacks there: Send Messages.");
  EXPECT_EQ(told(no_send, silent, language::japanese),
            "ボットは <#602> に投稿できません。不足している権限: メッセージを送信");
  for (int i = 0; i <= static_cast<int>(role_obstacle::above_member); ++i) {
    for (const language in : {language::english, language::japanese})
      EXPECT_THAT(told(static_cast<role_obstacle>(i), {701}, in), HasSubstr("<@&701>"));
  }
}

TEST(permission_names, every_permission_has_one_in_both_languages) {
  const permission_set two = permission_set(permission::kick_members) | permission::bypass_slowmode;
  EXPECT_EQ(names_of(two, language::english), "Kick Members, Bypass Slowmode");
  EXPECT_EQ(names_of(two, language::japanese), "メンバーをキック、低速モードを回避");
  EXPECT_EQ(names_of({}, language::japanese), "");
  EXPECT_EQ(names_of(permission_set::from_bits(1ULL << 60U), language::japanese), "Permission 60");
  for (unsigned bit = 0; bit < 64; ++bit) {
    const auto one = permission_set::from_bits(1ULL << bit);
    if (!discord::all_permissions.has(static_cast<permission>(one.bits()))) continue;
    EXPECT_NE(names_of(one, language::japanese), names_of(one, language::english));
  }
}

}  // namespace
}  // namespace guildfleet::features
