#include "features/moderation/purge_filter.hpp"

#include <gtest/gtest.h>

namespace guildfleet::features {
namespace {

using namespace std::chrono_literals;

TEST(purge_filter, takes_what_it_is_asked_for_and_nothing_pinned) {
  const stored_message plain{.id = {1}, .author = {5}, .content = "Hello ＷＯＲＬＤ"};
  const stored_message bot{.id = {2}, .author = {6}, .by_bot = true, .content = "https://example.com"};
  const stored_message invite{.id = {3}, .author = {5}, .has_files = true, .content = "discord.gg/abc"};
  const stored_message pinned{.id = {4}, .author = {5}, .pinned = true, .content = "rules"};
  const struct {
    purge_filter filter;
    std::vector<bool> taken;  // plain, bot, invite, pinned
  } cases[] = {{{}, {true, true, true, false}},
               {{.author = {5}}, {true, false, true, false}},
               {{.kind = purge_kind::bots}, {false, true, false, false}},
               {{.kind = purge_kind::links}, {false, true, false, false}},
               {{.kind = purge_kind::invites}, {false, false, true, false}},
               {{.kind = purge_kind::files}, {false, false, true, false}},
               {{.contains = "world"}, {true, false, false, false}},
               {{.author = {6}, .contains = "world"}, {false, false, false, false}}};
  for (const auto& each : cases)
    EXPECT_EQ((std::vector{takes(each.filter, plain), takes(each.filter, bot), takes(each.filter, invite),
                           takes(each.filter, pinned)}),
              each.taken);
}

TEST(purge_filter, messages_of_fourteen_days_go_one_by_one) {
  const auto at = [](std::chrono::minutes age) {
    return discord::message_id{static_cast<std::uint64_t>((std::chrono::days(30) - age) / 1ms) << 22U};
  };
  const base::wall_time now =
      discord::message_id{static_cast<std::uint64_t>(std::chrono::days(30) / 1ms) << 22U}.created_at();
  const purge_plan plan = plan_of(
      {at(0min), at(std::chrono::days(13)), at(std::chrono::days(14)), at(std::chrono::days(14) - 5min)},
      now);
  EXPECT_EQ(plan.young, (std::vector{at(0min), at(std::chrono::days(13))}));
  EXPECT_EQ(plan.old.size(), 2U);
  const purge_plan many = plan_of(std::vector(150, at(std::chrono::days(20))), now);
  EXPECT_EQ(many.old.size(), most_old_purged);
  EXPECT_EQ(many.left_out, 50U);
}

TEST(purge_filter, reads_what_discord_answers) {
  const auto read = parse_messages(
      R"([{"id":"7","author":{"id":"5","bot":true},"content":"x","pinned":true,"attachments":[{"id":"1"}]},{"id":8},5])");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(read->at(0), (stored_message{{7}, {5}, true, true, true, "x"}));
  EXPECT_FALSE(parse_messages("{}"));
  EXPECT_FALSE(parse_messages(""));
}

TEST(purge_filter, keeps_a_list_as_text) {
  const std::vector<discord::message_id> all{{1}, {22}, {333}};
  EXPECT_EQ(messages_in(to_text(all)), all);
  EXPECT_TRUE(messages_in("").empty());
  EXPECT_EQ(messages_in(" x 5 ").size(), 1U);
}

}  // namespace
}  // namespace guildfleet::features
