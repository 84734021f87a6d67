#include "settings/difference.hpp"

#include <gtest/gtest.h>

#include "discord/model/ids.hpp"
#include "settings/json_schema.hpp"
#include "settings/show.hpp"
#include "settings/test_schema.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::settings {
namespace {

using base::language;
using testing_schema::welcome;

json::object object_of(std::string_view text) {
  return parse_document(text).value();
}

TEST(differences, are_told_by_field_in_both_languages) {
  const auto changes =
      difference(object_of(R"({"enabled":false,"limit":5,"roles":["1","2"],"same":1,"channel":"7"})"),
                 object_of(R"({"same":1,"enabled":true,"limit":5,"roles":["2","3"],"colour":"red"})"));
  EXPECT_EQ(describe(welcome, changes, language::english),
            "Channel: <#7> → not set\n"
            "colour: not set → \"red\"\n"
            "Enabled: off → on\n"
            "Roles: added <@&3>, removed <@&1>");
  EXPECT_EQ(describe(welcome, changes, language::japanese),
            "チャンネル: <#7> → 未設定\n"
            "colour: 未設定 → 「red」\n"
            "有効: オフ → オン\n"
            "ロール: <@&3> を追加、<@&1> を削除");
}

TEST(differences, a_list_in_another_order_is_told) {
  const auto changes = difference(object_of(R"({"words":["a","b"]})"), object_of(R"({"words":["b","a"]})"));
  EXPECT_EQ(describe(welcome, changes, language::english), "Words: other order");
}

TEST(differences, equal_documents_have_none) {
  EXPECT_TRUE(difference(object_of(R"({"a":{"x":1,"y":2}})"), object_of(R"({"a":{"y":2,"x":1}})")).empty());
}

TEST(differences, can_be_undone_while_their_fields_are_as_they_left_them) {
  const json::object before = object_of(R"({"limit":5,"channel":"7"})");
  const json::object after = object_of(R"({"limit":6,"mood":"loud"})");
  const auto changes = difference(before, after);
  json::object now = after;
  now["enabled"] = true;
  EXPECT_EQ(first_changed_since(now, changes), std::nullopt);
  EXPECT_EQ(canonical(with_values_before(now, changes)), R"({"channel":"7","enabled":true,"limit":5})");
  now["limit"] = 8;
  EXPECT_EQ(first_changed_since(now, changes), "limit");
}

TEST(showing, names_values_as_people_read_them) {
  const json::object values =
      object_of(R"({"enabled":true,"limit":5,"welcome_text":"Hi","mood":"loud","pause":93784,"roles":[],)"
                R"("words":["a","b"],"embeds":[{"label":"x","weight":3}]})");
  EXPECT_EQ(show(welcome, values, language::english),
            "Enabled: on\nLimit: 5 messages\nText: \"Hi\"\nMood: Loud\nPause: 1 d 2 h 3 min 4 s\n"
            "Channel: not set\nRoles: none\nWords: \"a\", \"b\"\nEmbeds: (Label: \"x\", Weight: 3)");
  EXPECT_EQ(show_duration(0, language::english), "0 s");
  EXPECT_EQ(show_duration(7260, language::japanese), "2時間1分");
}

TEST(json_schema, says_all_bounds_and_lets_a_patch_say_null) {
  const json::object schema = json_schema(welcome, language::english);
  EXPECT_EQ(schema.at("additionalProperties"), json::value(false));
  const json::object& limit = schema.at("properties").at("limit").as_object();
  EXPECT_EQ(canonical(limit),
            R"({"default":10,"description":"At most.","maximum":100,"minimum":1,"title":"Limit",)"
            R"("type":"integer","x-unit":"messages"})");
  const json::object& roles = schema.at("properties").at("roles").as_object();
  EXPECT_EQ(roles.at("maxItems"), 3);
  EXPECT_EQ(roles.at("uniqueItems"), true);
  const json::object patch = json_schema(welcome, language::japanese, schema_use::patch);
  EXPECT_EQ(canonical(patch.at("properties").at("mood")),
            R"({"default":"calm","description":"どのように。","enum":["calm","loud",null],)"
            R"("title":"雰囲気","type":["string","null"]})");
}

TEST(typed_reading, gives_values_or_the_empty_value) {
  const json::object values =
      object_of(R"({"enabled":true,"limit":5,"mood":"loud","pause":90,"channel":"7","roles":["1","2"]})");
  EXPECT_TRUE(flag(values, "enabled"));
  EXPECT_EQ(whole(values, "limit"), 5);
  EXPECT_EQ(words(values, "mood"), "loud");
  EXPECT_EQ(seconds(values, "pause"), std::chrono::seconds(90));
  EXPECT_EQ(id<discord::channel_id>(values, "channel"), discord::channel_id{7});
  EXPECT_EQ(id<discord::channel_id>(values, "missing"), discord::channel_id{});
  const auto roles =
      list(values, "roles", [](const json::value& each) { return id<discord::role_id>(each); });
  EXPECT_EQ(roles, (std::vector<discord::role_id>{{1}, {2}}));
}

}  // namespace
}  // namespace guildfleet::settings
