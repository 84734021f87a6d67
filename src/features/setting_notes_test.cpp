#include "features/setting_notes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/padded_json.hpp"

namespace guildfleet::features {
namespace {

using settings::channel_use;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* guild_json = R"({"id":"500","name":"G","owner_id":"1","unavailable":false,
  "members":[{"user":{"id":"11","bot":true},"roles":[]}],
  "channels":[{"id":"600","type":0,"name":"text","permission_overwrites":[]},
              {"id":"601","type":0,"name":"silent","permission_overwrites":
                [{"id":"500","type":0,"allow":"0","deny":"2048"}]},
              {"id":"602","type":2,"name":"voice","permission_overwrites":[]},
              {"id":"603","type":4,"name":"category","permission_overwrites":[]}],
  "roles":[{"id":"500","name":"@everyone","permissions":"3072","position":0},
           {"id":"701","name":"red","permissions":"0","position":1}]})";

constexpr std::string_view names[] = {"user", "server"};
constexpr base::text title{"Field", "項目"};
constexpr settings::field members[] = {settings::channel_field("inner", {"Inner", "中"}, title)};
constexpr settings::field fields[] = {
    settings::channel_field("any", {"Any", "何でも"}, title),
    settings::channel_field("posts", {"Posts", "投稿"}, title, channel_use::posts),
    settings::list_of(settings::channel_field("voice", {"Voice", "音声"}, title, channel_use::voice), 5,
                      settings::repeats::refused),
    settings::channel_field("category", {"Category", "分類"}, title, channel_use::category),
    settings::role_field("role", {"Role", "ロール"}, title),
    settings::with_placeholders(settings::text_field("text", 100, {}, {"Text", "文"}, title), names),
    settings::text_field("plain", 100, {}, {"Plain", "平文"}, title),
    settings::list_of_objects("objects", members, 5, {"Objects", "複数"}, title)};
constexpr settings::feature_schema schema{"welcome", title, fields};
static_assert(settings::sound(schema));

class notes_on_settings : public testing::Test {
 protected:
  notes_on_settings() {
    EXPECT_TRUE(guilds.apply(discord::event_type::guild_create, discord::padded_json(guild_json)));
  }
  [[nodiscard]] std::string of(const std::string& field, boost::json::value value,
                               language in = language::english) const {
    const settings::field_change change{.path = field, .before = std::nullopt, .after = std::move(value)};
    return setting_notes(schema, {&change, 1}, {guilds, {500}, base::wall_time{}}, in);
  }

  discord::guild_state guilds{discord::user_id{11}};
};

TEST_F(notes_on_settings, what_is_of_this_server_and_fits_is_not_noted) {
  EXPECT_EQ(of("any", "603"), "");
  EXPECT_EQ(of("posts", "600"), "");
  EXPECT_EQ(of("voice", {"602"}), "");
  EXPECT_EQ(of("category", "603"), "");
  EXPECT_EQ(of("role", "701"), "");
  EXPECT_EQ(of("text", "{user} of {server} {"), "");
  EXPECT_EQ(of("plain", "{usr}"), "");
}

TEST_F(notes_on_settings, ids_of_another_server_and_of_a_wrong_kind_are) {
  EXPECT_THAT(of("any", "999"), HasSubstr("Any: The channel <#999> does not exist"));
  EXPECT_THAT(of("posts", "999"), HasSubstr("Posts: The channel <#999> does not exist"));
  EXPECT_THAT(of("posts", "603"), HasSubstr("holds no messages"));
  EXPECT_THAT(of("posts", "601"), HasSubstr("It lacks there: Send Messages"));
  EXPECT_THAT(of("voice", {"602", "600", "999"}),
              AllOf(HasSubstr("<#600> is no voice channel"), HasSubstr("<#999> does not exist"),
                    Not(HasSubstr("602"))));
  EXPECT_THAT(of("category", "600"), HasSubstr("<#600> is no category"));
  EXPECT_THAT(of("role", "999"), HasSubstr("Role: The role <@&999> does not exist"));
  EXPECT_THAT(of("role", "500"), HasSubstr("Everybody has the role"));
  EXPECT_THAT(of("objects", {{{"inner", "999"}}}), HasSubstr("Inner: The channel <#999>"));
  EXPECT_THAT(of("category", "600", language::japanese),
              HasSubstr("分類: <#600> はカテゴリーではありません"));
}

TEST_F(notes_on_settings, placeholders_that_nothing_fills_are) {
  EXPECT_THAT(of("text", "Hi {usr}"),
              AllOf(HasSubstr("stay as they are: `{usr}`"), HasSubstr("Known ones: `{user}` `{server}`")));
  EXPECT_THAT(of("text", "Hi {usr}", language::japanese), HasSubstr("使えないため"));
}

TEST_F(notes_on_settings, of_a_server_that_is_not_there_nothing_is_known) {
  ASSERT_TRUE(guilds.apply(discord::event_type::guild_delete,
                           discord::padded_json(R"({"id":"500","unavailable":true})")));
  EXPECT_EQ(of("any", "999"), "");
  EXPECT_EQ(of("posts", "999"), "");
  EXPECT_EQ(of("role", "999"), "");
}

}  // namespace
}  // namespace guildfleet::features
