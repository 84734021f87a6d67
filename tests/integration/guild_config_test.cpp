// /config as a guild's managers use it, and as others see its effect.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/feature_scenario.hpp"
#include "settings/settings_desk.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

class guild_config : public feature_scenario {
 protected:
  guild_config() : feature_scenario("guild-config") {}

  // What the user is shown, of embeds too.
  [[nodiscard]] std::string told(const std::string& command, json::object options = {}) {
    return use(command, std::move(options)).text();
  }
  [[nodiscard]] static json::object attached(const std::string& content) {
    return {{"filename", "settings.json"}, {"content", content}};
  }

  static constexpr auto japanese =
      R"({"format":"guildfleet-settings","version":1,"guild":"1","features":{"guild-config":{"language":"ja"}}})";
};

TEST_F(guild_config, is_set_seen_and_reset) {
  EXPECT_THAT(told("config view"), HasSubstr("Automatic"));
  EXPECT_THAT(told("config language", {{"value", "ja"}}), HasSubstr("Saved."));
  EXPECT_THAT(told("config language", {{"value", "ja"}}), HasSubstr("It was so already"));
  speak("ja");
  EXPECT_THAT(told("config view"), HasSubstr("日本語"));
  speak("en-US");
  EXPECT_THAT(told("config history"),
              testing::AllOf(HasSubstr(acting()), HasSubstr("Server (`guild-config`)")));
  EXPECT_THAT(told("config reset", {{"feature", "guild-config"}}), HasSubstr("Saved."));
  EXPECT_THAT(told("config view"), HasSubstr("Automatic"));
  EXPECT_THAT(told("config undo", {{"number", 2}}), HasSubstr("Saved."));
  EXPECT_THAT(told("config view"), HasSubstr("日本語"));
  EXPECT_THAT(told("config undo", {{"number", 99}}), HasSubstr("there is no change with this number"));
  speak("ja");
  EXPECT_THAT(told("config undo", {{"number", 99}}), HasSubstr("その番号の変更はありません"));
  speak("en-US");
  EXPECT_THAT(told("config reset", {{"feature", "musik"}}),
              HasSubstr("no feature musik that has settings. Those that have: `guild-config`"));
}

TEST_F(guild_config, suggests_the_features_that_have_settings) {
  EXPECT_THAT(suggest("config reset", "feature", {{"feature", "guild"}}).text(), HasSubstr("guild-config"));
  EXPECT_THAT(suggest("config reset", "feature", {{"feature", "musik"}}).text(),
              testing::Not(HasSubstr("guild-config")));
}

TEST_F(guild_config, outlives_a_restart_and_a_kill) {
  EXPECT_THAT(told("config language", {{"value", "ja"}}), HasSubstr("Saved."));
  restart();
  EXPECT_THAT(told("config view"), HasSubstr("日本語"));
  crash();
  EXPECT_THAT(told("config view"), HasSubstr("日本語"));
}

// Discord itself holds the command back, by the permission it was published with; where it does not, as when
// a server's own settings lend the command to somebody, the bot asks too.
TEST_F(guild_config, is_for_who_may_manage_the_server_only) {
  EXPECT_THAT(told("config view"), HasSubstr("Automatic"));
  json::object call{{"bot", "bot1"},
                    {"name", "config view"},
                    {"user", join("newcomer")},
                    {"wait", 5'000},
                    {"locale", "ja"}};
  EXPECT_FALSE(discord.try_act("command", call));
  call["lent"] = true;
  EXPECT_THAT(shown(act("command", call)).text(), HasSubstr("次の権限が必要です: サーバー管理"));
}

TEST_F(guild_config, an_export_is_imported_after_a_look_at_what_it_changes) {
  EXPECT_THAT(told("config language", {{"value", "ja"}}), HasSubstr("Saved."));
  const shown exported = use("config export");
  EXPECT_TRUE(exported.is_private());
  const std::string file = text_of_file(exported);
  EXPECT_THAT(file, HasSubstr(R"("language":"ja")"));
  EXPECT_THAT(told("config import", {{"file", attached(file)}}), HasSubstr("It was so already"));
  EXPECT_THAT(told("config reset", {{"feature", "guild-config"}}), HasSubstr("Saved."));

  const shown asked = use("config import", {{"file", attached(file)}});
  EXPECT_THAT(asked.text(), HasSubstr("Language: Automatic / 自動 → 日本語"));
  EXPECT_THAT(told("config view"), HasSubstr("Automatic"));
  EXPECT_THAT(press(asked, "import").text(), HasSubstr("Saved."));
  EXPECT_THAT(told("config view"), HasSubstr("日本語"));
  EXPECT_THAT(told("config history"), HasSubstr("日本語"));
}

TEST_F(guild_config, an_import_that_was_shown_outlives_a_restart_and_can_be_cancelled) {
  const shown asked = use("config import", {{"file", attached(japanese)}});
  const shown other = use("config import", {{"file", attached(japanese)}});
  EXPECT_THAT(press(other, "cancel").text(), HasSubstr("Nothing was saved."));
  restart();
  EXPECT_THAT(press(asked, "import").text(), HasSubstr("Saved."));
}

TEST_F(guild_config, an_import_is_shown_anew_when_the_settings_changed_meanwhile) {
  const shown asked = use("config import", {{"file", attached(japanese)}});
  EXPECT_THAT(told("config language", {{"value", "en"}}), HasSubstr("Saved."));
  const shown again = press(asked, "import");
  EXPECT_THAT(again.text(), HasSubstr("have changed since"));
  EXPECT_THAT(again.text(), HasSubstr("Language: English → 日本語"));
  EXPECT_THAT(told("config view"), HasSubstr("English"));
  EXPECT_THAT(press(again, "import").text(), HasSubstr("Saved."));
}

TEST_F(guild_config, a_file_that_is_no_export_changes_nothing_and_says_why) {
  EXPECT_THAT(told("config import", {{"file", attached("{}")}}), HasSubstr("format"));
  EXPECT_THAT(told("config import", {{"file", attached("\xEF\xBB\xBFhello")}}),
              HasSubstr("Nothing was saved"));
  EXPECT_THAT(told("config import", {{"file", attached(std::string((1U << 20U) + 1, ' '))}}),
              HasSubstr("larger than 1 MiB"));
  EXPECT_THAT(told("config import",
                   {{"file", attached(R"({"format":"guildfleet-settings","version":1,"guild":"1",)"
                                      R"("features":{"guild-config":{"language":"fr"},"musik":{}}})")}}),
              testing::AllOf(HasSubstr("language"), HasSubstr("musik")));
  EXPECT_THAT(told("config history"), HasSubstr("Nothing has been changed yet."));
}

TEST_F(guild_config, what_the_harness_sets_and_looks_at_is_there) {
  set("guild-config", {{"language", "ja"}});
  EXPECT_THAT(told("config view"), HasSubstr("日本語"));
  say("hello");
  EXPECT_TRUE(shows("hello"));
  EXPECT_TRUE(ends_with("hello"));
  EXPECT_EQ(count("hello"), 1);
  EXPECT_FALSE(roles().empty());
  const json::value made =
      as_bot("POST", fmt::format("/guilds/{}/channels", guild()), {{"name", "made"}, {"type", 0}});
  EXPECT_EQ(channel_named("made").at("id"), made.at("id"));
}

}  // namespace
}  // namespace guildfleet::integration
