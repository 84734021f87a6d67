#include "features/automod/decider.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "features/automod/automod_texts.hpp"
#include "settings/defaults.hpp"

namespace guildfleet::features::automod_rules {
namespace {

using namespace std::chrono_literals;

// The defaults with these changes.
rule_set rules(std::initializer_list<std::pair<std::string_view, settings::json::value>> changes) {
  settings::json::object values = settings::with_defaults(automod_texts::schema, {});
  for (const auto& [name, value] : changes) values[name] = value;
  return rules_of(values);
}

class automod_decider : public testing::Test {
 protected:
  // A member writes, this long after the beginning.
  std::optional<verdict> write(const rule_set& by, std::string_view content, std::chrono::milliseconds at,
                               std::uint64_t author = 5, std::uint64_t channel = 9) {
    return judge.decide(by, {.guild = {1},
                             .author = {author},
                             .channel = {channel},
                             .id = {(static_cast<std::uint64_t>(at.count()) << 22U) + ++last_},
                             .content = content});
  }
  decider judge;

 private:
  std::uint64_t last_ = 0;
};

TEST_F(automod_decider, does_nothing_by_default) {
  const rule_set none = rules({});
  EXPECT_FALSE(none.does_anything());
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(write(none, "@everyone discord.gg/spam", 1ms));
  EXPECT_EQ(judge.members(), 0U);
}

TEST_F(automod_decider, each_rule_has_its_own_penalty_and_names_what_it_found) {
  const auto strict = rules({{"mentions_action", "warn"},
                             {"mentions_limit", 2},
                             {"invites_action", "delete"},
                             {"links_action", "delete"},
                             {"allowed_links", settings::json::array{"example.com"}},
                             {"words_action", "timeout"},
                             {"words", settings::json::array{"bad", "無料*"}}});
  const struct {
    std::string_view content;
    std::optional<rule> broken;
    std::string_view detail;
  } cases[] = {{"hello", std::nullopt, ""},
               {"<@1> <@2>", std::nullopt, ""},
               {"<@1> <@2> <@3>", rule::mentions, "3"},
               {"discord.gg/x1", rule::invites, "x1"},
               {"https://example.com", std::nullopt, ""},
               {"https://example.org", rule::links, "example.org"},
               {"so BAD", rule::words, "bad"},
               {"いま無料です", rule::words, "無料*"},
               {"so bad: https://example.org <@1><@2><@3>", rule::words, "bad"}};
  for (const auto& each : cases) {
    const auto judged = write(strict, each.content, 1ms);
    ASSERT_EQ(judged.has_value(), each.broken.has_value()) << each.content;
    if (!judged) continue;
    EXPECT_EQ(judged->broken, *each.broken) << each.content;
    EXPECT_EQ(judged->detail, each.detail) << each.content;
    EXPECT_EQ(judged->remove.size(), 1U);
  }
}

TEST_F(automod_decider, a_flood_is_deleted_whole_and_punished_once) {
  const auto strict = rules({{"flood_action", "timeout"}, {"flood_messages", 3}, {"flood_window", 5}});
  EXPECT_FALSE(write(strict, "1", 1000ms));
  EXPECT_FALSE(write(strict, "2", 2000ms, 5, 10));
  const auto third = write(strict, "3", 3000ms);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->remove.size(), 3U);
  EXPECT_EQ(third->remove.at(1).channel, discord::channel_id{10});
  EXPECT_TRUE(third->penalize);
  const auto fourth = write(strict, "4", 3500ms);
  ASSERT_TRUE(fourth);
  EXPECT_EQ(fourth->remove.size(), 1U);
  EXPECT_FALSE(fourth->penalize);
  EXPECT_FALSE(write(strict, "later", 20'000ms));
}

TEST_F(automod_decider, a_slow_writer_floods_nothing) {
  const auto strict = rules({{"flood_action", "delete"}, {"flood_messages", 3}, {"flood_window", 5}});
  for (int i = 0; i < 50; ++i) EXPECT_FALSE(write(strict, "x", 2'500ms * i));
  for (std::uint64_t member = 1; member < 20; ++member) EXPECT_FALSE(write(strict, "x", 200'000ms, member));
}

TEST_F(automod_decider, duplicates_are_told_by_what_they_look_like) {
  const auto strict =
      rules({{"duplicates_action", "warn"}, {"duplicates_count", 3}, {"duplicates_window", 60}});
  EXPECT_FALSE(write(strict, "Buy  now", 1s));
  EXPECT_FALSE(write(strict, "something else", 2s));
  EXPECT_FALSE(write(strict, "ＢＵＹ now", 30s));
  const auto third = write(strict, "buy\u200B now ", 50s);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->broken, rule::duplicates);
  EXPECT_EQ(third->remove.size(), 3U);
  EXPECT_FALSE(write(strict, "buy now", 200s));
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(write(strict, "", 201s)) << "pictures have no text";
}

TEST_F(automod_decider, an_event_that_comes_again_counts_once) {
  const auto strict = rules({{"flood_action", "delete"}, {"flood_messages", 3}});
  const seen_message one{.guild = {1}, .author = {5}, .channel = {9}, .id = {77}, .content = "x"};
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(judge.decide(strict, one));
}

TEST_F(automod_decider, an_edit_is_judged_by_its_text_alone) {
  const auto strict = rules({{"flood_action", "delete"},
                             {"flood_messages", 3},
                             {"words_action", "delete"},
                             {"words", settings::json::array{"bad"}}});
  seen_message edit{.guild = {1},
                    .author = {5},
                    .channel = {9},
                    .id = {77},
                    .content = "fine",
                    .edited_at = base::wall_time(std::chrono::hours(24))};
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(judge.decide(strict, edit));
  edit.content = "bad";
  EXPECT_TRUE(judge.decide(strict, edit));
}

TEST_F(automod_decider, an_edit_is_penalized_by_the_time_of_the_edit) {
  const auto strict = rules({{"words_action", "warn"}, {"words", settings::json::array{"bad"}}});
  const base::wall_time at(std::chrono::hours(24 * 365 * 20));
  seen_message edit{
      .guild = {1}, .author = {5}, .channel = {9}, .id = {77}, .content = "bad", .edited_at = at};
  EXPECT_TRUE(judge.decide(strict, edit)->penalize);
  edit.edited_at = at + 1s;
  EXPECT_FALSE(judge.decide(strict, edit)->penalize) << "a moment ago";
  edit.edited_at = at + penalty_pause;
  EXPECT_TRUE(judge.decide(strict, edit)->penalize);
}

TEST_F(automod_decider, remembers_a_bounded_number_of_members) {
  const auto strict = rules({{"flood_action", "delete"}});
  for (std::uint64_t member = 1; member <= most_members + 500; ++member)
    (void)write(strict, "x", 1ms, member);
  EXPECT_EQ(judge.members(), most_members);
  judge.forget({1});
  EXPECT_EQ(judge.members(), 0U);
}

TEST_F(automod_decider, takes_any_bytes) {
  const auto strict = rules({{"flood_action", "delete"},
                             {"duplicates_action", "warn"},
                             {"mentions_action", "warn"},
                             {"invites_action", "warn"},
                             {"links_action", "warn"},
                             {"words_action", "timeout"},
                             {"words", settings::json::array{"bad", "*ばか*", "\u0301"}}});
  base::random_source random(11);
  constexpr std::string_view pieces[] = {"<@",  "1",  ">",    "https://", "discord.gg/", "@", ".",
                                         "\\",  "バ", "\xE3", "\u200B",   "bad",         " ", "\xFF",
                                         "://", "[",  "*"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    const auto size = random.below(20);
    for (std::uint64_t i = 0; i < size; ++i) text += pieces[random.below(std::size(pieces))];
    (void)write(strict, text, std::chrono::milliseconds(round));
  }
}

TEST(automod_rules_test, of_settings_that_are_not_sound_do_nothing) {
  EXPECT_FALSE(rules_of({}).does_anything());
  EXPECT_FALSE(rules_of({{"flood_action", 5}, {"words", "x"}, {"flood_messages", -5}}).does_anything());
}

}  // namespace
}  // namespace guildfleet::features::automod_rules
