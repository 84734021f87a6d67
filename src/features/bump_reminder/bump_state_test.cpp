#include "features/bump_reminder/bump_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/bump_reminder/bump_reminder_texts.hpp"
#include "settings/defaults.hpp"

namespace guildfleet::features {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<discord::user_id> members(std::size_t count) {
  std::vector<discord::user_id> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back({1'000'000'000'000'000'000U + i});
  return out;
}

TEST(bump_state, settings_are_off_with_two_hours_if_nothing_is_set) {
  const bump_settings unset = bump_settings_in(settings::with_defaults(bump_reminder_texts::schema, {}));
  EXPECT_EQ(unset, bump_settings{});
  EXPECT_FALSE(unset.wants(bump_service::disboard));
  EXPECT_EQ(unset.wait, std::chrono::hours(2));
}

TEST(bump_state, services_can_be_left_out) {
  const bump_settings set = bump_settings_in({{"enabled", true}, {"dissoku", false}, {"role", "7"}});
  EXPECT_TRUE(set.wants(bump_service::disboard));
  EXPECT_FALSE(set.wants(bump_service::dissoku));
  EXPECT_EQ(set.role.value, 7U);
}

TEST(bump_state, records_read_as_they_were_written) {
  const last_bump what{{100},   {20},  {7},   base::wall_time(std::chrono::milliseconds(1'800'000'000'123)),
                       "music", false, false, {}};
  EXPECT_EQ(read_last_bump(to_record(what)), what);
  last_bump tried = what;
  tried.confirmed = true;
  tried.tried = {{21}, {8}, members(3), language::japanese};
  EXPECT_EQ(read_last_bump(to_record(tried)), tried);
  for (const char* broken : {"", "{", "[]", "7"}) EXPECT_TRUE(read_last_bump(broken).reminded) << broken;
  const auto all = members(3);
  EXPECT_EQ(read_members(members_record(all)), all);
  for (const char* broken : {"", "{}", "[1,null,\"x\"]"}) EXPECT_TRUE(read_members(broken).empty());
}

TEST(bump_state, members_are_reminded_once_each_and_seventy_five_at_most) {
  auto all = members(most_reminded - 1);
  EXPECT_EQ(opt_in(all, {5}), opt_outcome::done);
  EXPECT_EQ(opt_in(all, {5}), opt_outcome::already);
  EXPECT_EQ(opt_in(all, {6}), opt_outcome::full);
  EXPECT_EQ(opt_out(all, {5}), opt_outcome::done);
  EXPECT_EQ(opt_out(all, {5}), opt_outcome::already);
}

TEST(bump_state, a_reminder_mentions_role_and_members_and_fits) {
  for (const language in : {language::english, language::japanese}) {
    const auto body =
        reminder_of(bump_service::disboard,
                    {.role = {1'234'567'890'123'456'789U}, .members = members(most_reminded), .in = in});
    EXPECT_FALSE(discord::broken_limit(body));
    EXPECT_EQ(body.mentions.users.size(), most_reminded);
    EXPECT_THAT(body.mentions.roles, ElementsAre(discord::role_id{1'234'567'890'123'456'789U}));
    EXPECT_FALSE(body.mentions.everyone || body.mentions.all_roles || body.mentions.all_users);
    EXPECT_THAT(body.content, HasSubstr("`/bump`"));
    EXPECT_EQ(body.rows.at(0).items.size(), 2U);
  }
}

TEST(bump_state, a_reminder_without_anybody_mentions_nobody) {
  const auto body = reminder_of(bump_service::dissoku, {});
  EXPECT_EQ(body.content, "The server can be bumped on Dissoku again: use `/up`.");
  EXPECT_TRUE(body.mentions.users.empty() && body.mentions.roles.empty());
}

TEST(bump_state, a_confirmation_tells_when_the_reminder_comes) {
  const last_bump what{.message = {100},
                       .due = base::wall_time(std::chrono::milliseconds(1'800'000'000'999))};
  const auto body = confirmation_of(bump_service::disboard, what, language::japanese);
  EXPECT_THAT(body.content, HasSubstr("<t:1800000000:R>"));
  EXPECT_EQ(body.reply_to.value, 100U);
  EXPECT_FALSE(body.mentions.replied_user);
}

TEST(bump_state, timers_of_two_bumps_have_keys_of_their_own) {
  EXPECT_NE(timer_key({1}, bump_service::disboard, {100}), timer_key({1}, bump_service::disboard, {101}));
  EXPECT_NE(timer_key({1}, bump_service::disboard, {100}), timer_key({1}, bump_service::dissoku, {100}));
}

}  // namespace
}  // namespace guildfleet::features
