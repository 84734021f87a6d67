// Role panels as files: exported, and made anew from them.
#include <gtest/gtest.h>

#include "integration/role_panel_scenario.hpp"

namespace guildfleet::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class role_panel_files : public role_panel_scenario {
 protected:
  [[nodiscard]] static json::object attached(const std::string& content) {
    return {{"filename", "panels.json"}, {"content", content}};
  }
  // A file with these panels, and one with a panel of these roles.
  [[nodiscard]] static std::string file_of(const std::string& panels) {
    return R"({"format":"guildfleet-role-panels","version":1,"guild":"1","panels":)" + panels + "}";
  }
  [[nodiscard]] static std::string file_with(const std::string& roles) {
    return file_of(R"([{"title":"Colours","roles":)" + roles + "}]");
  }
};

TEST_F(role_panel_files, panels_are_exported_and_made_again_from_the_file) {
  (void)posted_panel({red, green}, {{"style", "menu"}, {"mode", "one-way"}});
  EXPECT_THAT(use("config export").text(), HasSubstr("`/role-panel export` gives them"));
  const shown exported = use("role-panel export");
  EXPECT_TRUE(exported.is_private());
  const std::string file = text_of_file(exported);
  EXPECT_THAT(file, AllOf(HasSubstr(R"("title": "Colours")"),
                          HasSubstr(fmt::format(R"({{"id": "{}", "name": "red")", red))));
  (void)use("role-panel delete", {{"panel", "1"}});

  const shown asked = use("role-panel import", {{"file", attached(file)}});
  EXPECT_TRUE(asked.is_private());
  EXPECT_THAT(asked.text(),
              AllOf(HasSubstr("Nothing is saved yet"), HasSubstr("**Colours**: Menu, One way"),
                    HasSubstr("<@&" + red + "> <@&" + green + ">"), Not(HasSubstr("Look at this first"))));
  EXPECT_THAT(use("role-panel list").text(), HasSubstr("no panels yet"));
  restart();
  EXPECT_THAT(press(asked, "import").text(), HasSubstr("Panels made: 1"));
  EXPECT_THAT(use("role-panel list").text(),
              AllOf(HasSubstr("**#2** Colours: Menu"), HasSubstr("2 of 25"), HasSubstr("not posted")));
  EXPECT_THAT(press(use("role-panel import", {{"file", attached(file)}}), "cancel").text(),
              HasSubstr("Nothing was saved."));
  EXPECT_THAT(use("role-panel list").text(), Not(HasSubstr("#3")));
}

// Pressed twice, and the process dies over it: the interactions come again.
TEST_F(role_panel_files, an_import_makes_its_panels_once_however_often_it_comes) {
  const shown asked = use("role-panel import", {{"file", attached(file_with("[]"))}});
  for (int i = 0; i < 2; ++i) {
    (void)discord.try_act("button", {{"message", asked.message()},
                                     {"custom_id", asked.custom_id("import")},
                                     {"user", acting()},
                                     {"wait", 0}});
  }
  crash();
  EXPECT_TRUE(eventually(patience, [&] { return use("role-panel list").text().contains("Colours"); }));
  EXPECT_THAT(use("role-panel list").text(), Not(HasSubstr("#2")));
}

TEST_F(role_panel_files, a_file_of_another_server_finds_roles_by_name_and_leaves_out_the_rest) {
  const std::string file = file_with(
      R"([{"id":"42","name":"red","emoji":"🔴"},{"id":"43","name":"purple"},{"id":"44","name":"@everyone"}])");
  const shown asked = use("role-panel import", {{"file", attached(file)}});
  EXPECT_THAT(asked.text(),
              AllOf(HasSubstr("Look at this first"), HasSubstr("Toggle: gives and takes, <@&" + red + ">"),
                    HasSubstr("Colours: purple is left out. This server has no role"),
                    HasSubstr("everyone is left out. Everybody has the role")));
  EXPECT_THAT(press(asked, "import").text(), HasSubstr("Panels made: 1"));
  EXPECT_THAT(use("role-panel list").text(), HasSubstr("1 of 25"));
  speak("ja");
  EXPECT_THAT(use("role-panel import", {{"file", attached(file)}}).text(),
              AllOf(HasSubstr("まだ保存していません"), HasSubstr("purple は除外されます")));
}

// Else a file would be a way around the check of who adds a role.
TEST_F(role_panel_files, an_import_offers_no_role_above_who_imports) {
  const std::string helpers = make_role("helpers", manage_roles);
  const std::string low = make_role("low");
  const std::string owner = acting();
  const std::string helper = join("helper");
  give(helper, helpers);
  as(helper);
  const shown asked =
      use("role-panel import",
          {{"file",
            attached(file_with(fmt::format(R"([{{"id":"{}"}},{{"id":"{}","name":"low"}}])", red, low)))}});
  EXPECT_THAT(asked.text(), HasSubstr("not below your own highest role"));
  as(owner);
  (void)as_bot("DELETE", fmt::format("/guilds/{}/members/{}/roles/{}", guild(), helper, helpers));
  as(helper);
  EXPECT_THAT(press(asked, "import").text(),
              AllOf(HasSubstr("have changed since"), HasSubstr("you need the permission Manage Roles")))
      << "it is asked again when it is confirmed";
}

TEST_F(role_panel_files, a_file_that_is_none_of_panels_makes_nothing_and_says_why) {
  const auto told = [&](const std::string& content) {
    return use("role-panel import", {{"file", attached(content)}}).text();
  };
  EXPECT_THAT(told("{}"), HasSubstr("no file of role panels"));
  EXPECT_THAT(told("hello"), HasSubstr("Nothing was saved"));
  EXPECT_THAT(told(std::string((1U << 20U) + 1, ' ')), HasSubstr("larger than 1 MiB"));
  EXPECT_THAT(told(file_with(R"([{"id":5}])")), HasSubstr("panels[0].roles[0].id"));
  speak("ja");
  EXPECT_THAT(told("{}"), HasSubstr("読み込めるロールパネルのファイルではありません"));
  EXPECT_THAT(use("role-panel export").content(), HasSubstr("パネルはまだありません"));
}

TEST_F(role_panel_files, an_import_keeps_to_the_limit_of_panels_as_a_whole) {
  std::string many = R"({"title":"First"})";
  for (int i = 0; i < 23; ++i) many += R"(,{"title":"More"})";
  const std::string file = file_of("[" + many + "]");
  EXPECT_THAT(press(use("role-panel import", {{"file", attached(file)}}), "import").text(),
              HasSubstr("Panels made: 24"));
  EXPECT_THAT(use("role-panel import", {{"file", attached(file)}}).text(),
              HasSubstr("there are 24 panels, the file has 24, and a server has at most 25"));
  const shown last = use("role-panel import", {{"file", attached(file_with("[]"))}});
  EXPECT_THAT(use("role-panel create", {{"title", "Last"}}).text(), HasSubstr("#25"));
  EXPECT_THAT(press(last, "import").text(), HasSubstr("at most 25 panels"));
  EXPECT_THAT(use("role-panel list").text(), Not(HasSubstr("#26")));
}

}  // namespace
}  // namespace guildfleet::integration
