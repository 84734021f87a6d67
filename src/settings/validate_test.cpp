#include "settings/validate.hpp"

#include <gtest/gtest.h>

#include "settings/defaults.hpp"
#include "settings/test_schema.hpp"

namespace guildfleet::settings {
namespace {

using testing_schema::welcome;

json::object object_of(std::string_view text) {
  return parse_document(text).value();
}

TEST(schema, unsound_declarations_are_seen_when_compiling) {
  constexpr base::text t{"t", "t"};
  static constexpr field twice[] = {channel_field("a", t, t), channel_field("a", t, t)};
  static constexpr field range[] = {integer_field("a", {5, 1, ""}, std::nullopt, t, t)};
  static constexpr field outside[] = {integer_field("a", {1, 5, ""}, 6, t, t)};
  static constexpr field long_default[] = {text_field("a", 2, "abc", t, t)};
  static constexpr field no_choice[] = {choice_field("a", testing_schema::moods, "wild", t, t)};
  static constexpr field spelling[] = {channel_field("Channel-Id", t, t)};
  static_assert(!sound({"f", t, twice}));
  static_assert(!sound({"f", t, range}));
  static_assert(!sound({"f", t, outside}));
  static_assert(!sound({"f", t, long_default}));
  static_assert(!sound({"f", t, no_choice}));
  static_assert(!sound({"f", t, spelling}));
}

TEST(validation, names_the_field_of_each_problem) {
  const struct {
    const char* document;
    const char* path;
  } rows[] = {
      {R"({"enabeld":true})", "enabeld"},
      {R"({"enabled":"true"})", "enabled"},
      {R"({"enabled":1})", "enabled"},
      {R"({"limit":0})", "limit"},
      {R"({"limit":101})", "limit"},
      {R"({"limit":5.0})", "limit"},
      {R"({"limit":18446744073709551615})", "limit"},
      {R"({"limit":"5"})", "limit"},
      {R"({"welcome_text":5})", "welcome_text"},
      {R"({"welcome_text":"123456789012345678901"})", "welcome_text"},
      {R"({"welcome_text":"a\u0000b"})", "welcome_text"},
      {R"({"mood":"wild"})", "mood"},
      {R"({"pause":-1})", "pause"},
      {R"({"channel":12345678901234567})", "channel"},
      {R"({"channel":"0"})", "channel"},
      {R"({"channel":"012"})", "channel"},
      {R"({"channel":"12a"})", "channel"},
      {R"({"channel":"-12"})", "channel"},
      {R"({"channel":""})", "channel"},
      {R"({"channel":"18446744073709551616"})", "channel"},
      {R"({"roles":"1"})", "roles"},
      {R"({"roles":["1","2","3","4"]})", "roles"},
      {R"({"roles":["1","2","1"]})", "roles[2]"},
      {R"({"roles":["1",null]})", "roles[1]"},
      {R"({"embeds":[{"label":"a"},5]})", "embeds[1]"},
      {R"({"embeds":[{"label":"a"},{"label":"123456"}]})", "embeds[1].label"},
      {R"({"embeds":[{"colour":"a"}]})", "embeds[0].colour"},
  };
  for (const auto& row : rows) {
    const auto problems = validate(welcome, object_of(row.document));
    ASSERT_EQ(problems.size(), 1U) << row.document << to_text(problems, base::language::english);
    EXPECT_EQ(problems.front().path, row.path) << row.document;
  }
}

TEST(validation, takes_what_keeps_to_the_schema) {
  for (const char* document : {"{}", R"({"enabled":null})", R"({"limit":1,"pause":0,"mood":"loud"})",
                               R"({"welcome_text":"あああああああああああああああああああa"})",
                               R"({"channel":"18446744073709551615","roles":["1","2","3"]})",
                               R"({"words":["a","a"],"embeds":[{"label":"a","weight":1},{}]})"}) {
    EXPECT_EQ(to_text(validate(welcome, object_of(document)), base::language::english), "") << document;
  }
}

TEST(validation, tells_all_problems_at_once_in_both_languages) {
  const auto problems = validate(welcome, object_of(R"({"limit":0,"mood":"wild"})"));
  EXPECT_EQ(to_text(problems, base::language::english),
            "limit: This must be a whole number from 1 to 100 messages. Choose one between them.\n"
            "mood: This is none of the choices. Choose one of: calm, loud.");
  EXPECT_EQ(to_text(problems, base::language::japanese),
            "limit: 整数で指定してください(1〜100件)。その範囲の数を選んでください。\n"
            "mood: 選択肢にありません。calm, loud から選んでください。");
}

TEST(validation, refuses_a_document_that_grew_too_large_and_tells_no_endless_list) {
  json::object large;
  json::array& words = large["words"].emplace_array();
  for (int i = 0; i < 1000; ++i) words.push_back(json::string(90, 'x'));
  const auto problems = validate(welcome, large);
  ASSERT_EQ(problems.size(), 50U);
  EXPECT_EQ(problems.front().path, "");
}

TEST(defaults, are_filled_in_and_left_out_again) {
  const json::object stored = object_of(R"({"limit":20,"embeds":[{"weight":2}]})");
  const json::object full = with_defaults(welcome, stored);
  EXPECT_EQ(canonical(full),
            R"({"embeds":[{"label":"new","weight":2}],"enabled":false,"limit":20,"mood":"calm","pause":90,)"
            R"("roles":[],"welcome_text":"Hello","words":[]})");
  EXPECT_EQ(canonical(without_defaults(welcome, full)), canonical(stored));
  EXPECT_TRUE(validate(welcome, full).empty());
}

TEST(defaults, null_means_not_set) {
  EXPECT_EQ(with_defaults(welcome, object_of(R"({"limit":null,"channel":null})")),
            with_defaults(welcome, {}));
  EXPECT_TRUE(without_defaults(welcome, object_of(R"({"limit":null})")).empty());
}

TEST(defaults, what_another_release_wrote_is_kept_apart) {
  const auto understood = understand(welcome, object_of(R"({"limit":5000,"enabled":true,"colour":"red"})"));
  EXPECT_EQ(understood.values, with_defaults(welcome, object_of(R"({"enabled":true})")));
  EXPECT_EQ(canonical(understood.foreign), R"({"colour":"red"})");
  EXPECT_EQ(understood.invalid, (std::vector<std::string>{"limit"}));
}

// A report of problems is bounded, and one field alone may fill it.
TEST(understand, finds_every_invalid_field_behind_one_with_many_problems) {
  json::object stored = object_of(R"({"roles":["x"],"limit":5000})");
  json::array words;
  for (int i = 0; i < 60; ++i) words.emplace_back(std::string(40, 'w'));
  stored["words"] = std::move(words);
  const auto understood = understand(welcome, std::move(stored));
  EXPECT_TRUE(validate(welcome, understood.values).empty());
  EXPECT_EQ(understood.invalid.size(), 3U);
}

}  // namespace
}  // namespace guildfleet::settings
