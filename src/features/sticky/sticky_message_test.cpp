#include "features/sticky/sticky_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/sticky/sticky_texts.hpp"
#include "settings/defaults.hpp"
#include "settings/validate.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
using testing::ElementsAre;

json::object settings_with(const std::vector<sticky_message>& messages) {
  json::object values;
  for (const sticky_message& each : messages) EXPECT_EQ(put_sticky(values, each), sticky_edit::done);
  return values;
}

TEST(sticky_message, is_an_embed_with_a_title_or_a_colour) {
  const struct {
    sticky_message message;
    std::string content;
    std::size_t embeds;
  } cases[] = {{{{1}, "rules", "", ""}, "rules", 0},
               {{{1}, "rules", "Read", ""}, "", 1},
               {{{1}, "rules", "", "#3b82f6"}, "", 1},
               {{{1}, "", "Read", ""}, "", 1}};
  for (const auto& each : cases) {
    const discord::message_body body = body_of(each.message);
    EXPECT_EQ(body.content, each.content);
    EXPECT_EQ(body.embeds.size(), each.embeds);
    EXPECT_FALSE(discord::broken_limit(body));
  }
  EXPECT_EQ(body_of({{1}, "rules", "", "#3b82f6"}).embeds.at(0).color, 0x3b82f6U);
}

TEST(sticky_message, mentions_nobody) {
  const discord::message_body body = body_of({{1}, "@everyone <@1> <@&2>", "", ""});
  EXPECT_FALSE(body.mentions.everyone || body.mentions.all_roles || body.mentions.all_users);
  EXPECT_TRUE(body.mentions.roles.empty() && body.mentions.users.empty());
}

TEST(sticky_message, tells_what_could_not_be_posted) {
  const struct {
    sticky_message message;
    std::optional<sticky_fault> fault;
  } cases[] = {{{{1}, "x", "", ""}, std::nullopt},
               {{{1}, "", "", ""}, sticky_fault::empty},
               {{{1}, " \n", "", "#ffffff"}, sticky_fault::empty},
               {{{1}, std::string(2'000, 'x'), "", ""}, std::nullopt},
               {{{1}, std::string(2'001, 'x'), "", ""}, sticky_fault::text_too_long},
               {{{1}, "x", std::string(257, 'x'), ""}, sticky_fault::title_too_long},
               {{{1}, "x", "", "blue"}, sticky_fault::no_color}};
  for (const auto& each : cases) EXPECT_EQ(fault_of(each.message), each.fault) << each.message.text.size();
}

TEST(sticky_message, colours_are_six_hexadecimal_digits) {
  EXPECT_EQ(color_of("#3B82f6"), 0x3b82f6U);
  EXPECT_EQ(color_of("000000"), 0U);
  for (const char* wrong : {"", "#", "#fff", "#3b82f", "#3b82fg", "#3b82f61", "-b82f6", "0x1234"})
    EXPECT_FALSE(color_of(wrong)) << wrong;
}

TEST(sticky_message, digests_differ_with_every_part) {
  const sticky_message one{{1}, "a", "b", "c"};
  EXPECT_EQ(digest_of(one), digest_of({{2}, "a", "b", "c"}));
  for (const sticky_message& other : {sticky_message{{1}, "ab", "", "c"}, sticky_message{{1}, "a", "bc", ""},
                                      sticky_message{{1}, "", "ab", "c"}})
    EXPECT_NE(digest_of(one), digest_of(other));
}

TEST(sticky_message, of_a_channel_is_put_in_the_place_of_the_one_before) {
  json::object values = settings_with({{{1}, "a"}, {{2}, "b"}});
  EXPECT_EQ(put_sticky(values, {{1}, "new"}), sticky_edit::done);
  EXPECT_THAT(stickies_in(values), ElementsAre(sticky_message{{1}, "new"}, sticky_message{{2}, "b"}));
  EXPECT_EQ(sticky_in(values, {2}), (sticky_message{{2}, "b"}));
  EXPECT_FALSE(sticky_in(values, {3}));
}

TEST(sticky_message, is_taken_away_from_its_channel_alone) {
  json::object values = settings_with({{{1}, "a"}, {{2}, "b"}});
  EXPECT_EQ(remove_sticky(values, {1}), sticky_edit::done);
  EXPECT_EQ(remove_sticky(values, {1}), sticky_edit::none_there);
  EXPECT_THAT(stickies_in(values), ElementsAre(sticky_message{{2}, "b"}));
}

TEST(sticky_message, a_server_has_twenty_at_most) {
  json::object values;
  for (std::uint64_t i = 1; i <= most_stickies; ++i)
    EXPECT_EQ(put_sticky(values, {{i}, "x"}), sticky_edit::done);
  EXPECT_TRUE(settings::validate(sticky_texts::schema, values).empty());
  EXPECT_EQ(put_sticky(values, {{99}, "x"}), sticky_edit::full);
  EXPECT_EQ(put_sticky(values, {{1}, "changed"}), sticky_edit::done);
}

TEST(sticky_message, what_an_import_holds_twice_or_cannot_be_posted_is_left_out) {
  json::object values{
      {"messages", json::array{json::object{{"channel", "1"}, {"text", "first"}},
                               json::object{{"channel", "1"}, {"text", "second"}},
                               json::object{{"channel", "2"}}, json::object{{"text", "x"}},
                               json::object{{"channel", "3"}, {"text", "x"}, {"color", "blue"}}}}};
  EXPECT_TRUE(settings::validate(sticky_texts::schema, values).empty());
  EXPECT_THAT(stickies_in(values), ElementsAre(sticky_message{{1}, "first"}));
}

TEST(sticky_message, the_pace_is_five_and_thirty_seconds_if_nothing_is_set) {
  EXPECT_EQ(pace_in(settings::with_defaults(sticky_texts::schema, {})), pace_limits{});
  EXPECT_EQ(pace_in({}), pace_limits{});
  const pace_limits set = pace_in({{"delay", 60}, {"longest", 10}});
  EXPECT_EQ(set.delay, std::chrono::seconds(60));
  EXPECT_EQ(set.longest, std::chrono::seconds(60)) << "never shorter than the delay";
}

TEST(sticky_message, parts_that_are_not_given_stay) {
  const sticky_message before{{1}, "text", "title", "#000000"};
  EXPECT_EQ(with_parts(before, {.text = "new"}), (sticky_message{{1}, "new", "title", "#000000"}));
  EXPECT_EQ(with_parts(before, {.title = ""}), (sticky_message{{1}, "text", "", "#000000"}));
  EXPECT_EQ(with_parts(before, {}), before);
}

}  // namespace
}  // namespace guildfleet::features
