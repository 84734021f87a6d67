#include "features/role_panel/panel_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/model/guild_state.hpp"
#include "discord/padded_json.hpp"
#include "features/file_transfer.hpp"

namespace guildfleet::features {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr discord::guild_id guild{500};
constexpr const char* guild_json = R"({"id":"500","name":"G","owner_id":"1","unavailable":false,
  "members":[],"channels":[],
  "roles":[{"id":"500","name":"@everyone","permissions":"0","position":0},
           {"id":"701","name":"red","permissions":"0","position":1},
           {"id":"702","name":"twice","permissions":"0","position":2},
           {"id":"703","name":"twice","permissions":"0","position":3}]})";

// What is wrong with the file, as members read it; empty: nothing.
std::string wrong_with(std::string_view panels, language in = language::english) {
  const auto read = read_panel_file(
      fmt::format(R"({{"format":"guildfleet-role-panels","version":1,"panels":{}}})", panels));
  if (!read) return read.error().message();
  return *read ? std::string() : settings::to_text(read->error(), in);
}

class panel_file_of_a_server : public testing::Test {
 protected:
  panel_file_of_a_server() {
    EXPECT_TRUE(guilds.apply(discord::event_type::guild_create, discord::padded_json(guild_json)));
  }
  [[nodiscard]] const discord::guild_record* record() const { return guilds.find_guild(guild); }

  discord::guild_state guilds{discord::user_id{11}};
};

TEST_F(panel_file_of_a_server, is_read_as_it_was_written_without_its_place) {
  std::vector<panel> all(2);
  all[0] = {.number = 3,
            .title = "Colours \"one\"\n😀",
            .text = "Choose",
            .style = panel_style::menu,
            .mode = panel_mode::one_way,
            .roles = {{.role = {701}, .name = "red", .label = "Red", .note = "warm", .emoji = "🔴"},
                      {.role = {702}, .name = "twice"}}};
  all[1] = {.number = 7, .title = "Empty", .mode = panel_mode::exclusive};
  std::vector<panel> posted = all;
  posted[0].channel = {5};
  posted[0].message = {6};
  const std::string text = panel_file(posted, record(), guild);
  for (panel& each : all) each.number = 0;
  const auto read = read_panel_file(text);
  ASSERT_TRUE(read && *read) << text;
  EXPECT_EQ(**read, all);
}

TEST_F(panel_file_of_a_server, names_roles_as_they_are_called_now) {
  const std::vector<panel> all{{.number = 1,
                                .title = "T",
                                .roles = {{.role = {701}, .name = "before"}, {.role = {9}, .name = "gone"}}}};
  EXPECT_THAT(panel_file(all, record(), guild),
              AllOf(HasSubstr(R"("id": "701", "name": "red")"), HasSubstr(R"("id": "9", "name": "gone")")));
}

TEST_F(panel_file_of_a_server, with_everything_at_its_longest_can_be_read_again) {
  panel full{.title = std::string(longest_panel_title, 't'), .text = std::string(longest_panel_text, 'x')};
  for (std::size_t i = 0; i < most_panel_roles; ++i) {
    full.roles.push_back({.role = {~0ULL - i},
                          .name = std::string(100, 'n'),
                          .label = std::string(longest_panel_label, 'l'),
                          .note = std::string(longest_panel_note, 'o'),
                          .emoji = "<a:" + std::string(32, 'e') + ":12345678901234567890>"});
  }
  const std::string text = panel_file(std::vector<panel>(most_panels, full), nullptr, guild);
  EXPECT_LT(text.size(), longest_given_file);
  const auto read = read_panel_file(text);
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->size(), most_panels);
}

TEST_F(panel_file_of_a_server, a_role_is_meant_by_its_id_or_else_by_a_name_that_one_has) {
  const struct {
    panel_role meant;
    std::uint64_t found;  // 0: none
  } cases[] = {{{.role = {702}, .name = "red"}, 702},
               {{.role = {9}, .name = "red"}, 701},
               {{.role = {9}, .name = "twice"}, 0},
               {{.role = {9}, .name = "RED"}, 0},
               {{.role = {9}}, 0},
               {{.name = "red"}, 701}};
  for (const auto& each : cases) {
    const discord::role_record* const found = find_meant(*record(), each.meant);
    EXPECT_EQ(found == nullptr ? 0U : found->id.value, each.found) << each.meant.name;
  }
}

TEST(panel_file, tells_where_it_is_wrong_in_both_languages) {
  const struct {
    const char* panels;
    const char* place;
    const char* english;
    const char* japanese;
  } cases[] = {
      {"[]", "panels: ", "has no panels", "パネルがありません"},
      {"{}", "panels: ", "has no panels", "パネルがありません"},
      {"[5]", "panels[0]: ", "must be an object", "オブジェクト"},
      {R"([{"title":"a"},{}])", "panels[1].title: ", "needs a title", "タイトルが必要"},
      {R"([{"title":5}])", "panels[0].title: ", "must be a text", "文字列"},
      {R"([{"title":"a","style":"round"}])", "panels[0].style: ", "buttons, menu", "選択肢"},
      {R"([{"title":"a","mode":"one_way"}])", "panels[0].mode: ", "one-way", "選択肢"},
      {R"([{"title":"a","channel":"5"}])", "panels[0].channel: ", "no such setting", "この設定はありません"},
      {R"([{"title":"a","roles":[{"id":5}]}])", "panels[0].roles[0].id: ", "no Discord id", "Discord の ID"},
      {R"([{"title":"a","roles":[{"id":"5"},{"emoji":"red"}]}])",
       "panels[0].roles[1].emoji: ", "is not an emoji", "絵文字ではありません"}};
  for (const auto& each : cases) {
    EXPECT_THAT(wrong_with(each.panels), AllOf(HasSubstr(each.place), HasSubstr(each.english)));
    EXPECT_THAT(wrong_with(each.panels, language::japanese),
                AllOf(HasSubstr(each.place), HasSubstr(each.japanese)));
  }
  EXPECT_THAT(wrong_with(fmt::format(R"([{{"title":"{}"}}])", std::string(101, 't'))),
              HasSubstr("101 characters; 100 are allowed"));
  std::string many = R"({"title":"a"})";
  for (std::size_t i = 0; i < most_panels; ++i) many += R"(,{"title":"a"})";
  EXPECT_THAT(wrong_with("[" + many + "]"), HasSubstr("has 26 panels"));
}

TEST(panel_file, of_another_kind_is_refused) {
  for (const char* other : {"{}", R"({"format":"guildfleet-settings","version":1,"features":{}})",
                            R"({"format":"guildfleet-role-panels","version":2,"panels":[{"title":"a"}]})"}) {
    const auto read = read_panel_file(other);
    ASSERT_TRUE(read) << other;
    ASSERT_FALSE(*read) << other;
    EXPECT_THAT(settings::to_text(read->error(), language::english), HasSubstr("no file of role panels"));
  }
  for (const char* none : {"", "hello", "[]", R"({"format":1,"format":2})"})
    EXPECT_FALSE(read_panel_file(none)) << none;
}

}  // namespace
}  // namespace guildfleet::features
