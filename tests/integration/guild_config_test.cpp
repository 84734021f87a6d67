// /config as a guild's managers use it, and as others see its effect.
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/feature_scenario.hpp"
#include "settings/settings_desk.hpp"

namespace guildfleet::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class guild_config : public feature_scenario {
 protected:
  guild_config() : feature_scenario("guild-config,ticket") {}

  // What the user is shown, of embeds too.
  [[nodiscard]] std::string told(const std::string& command, json::object options = {}) {
    return use(command, std::move(options)).text();
  }
  [[nodiscard]] static json::object attached(const std::string& content) {
    return {{"filename", "settings.json"}, {"content", content}};
  }
  // The whole file, with these settings of tickets.
  [[nodiscard]] static json::object of_tickets(const json::object& values) {
    return attached(json::serialize(json::object{{"format", "guildfleet-settings"},
                                                 {"version", 1},
                                                 {"guild", "1"},
                                                 {"features", json::object{{"ticket", values}}}}));
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
  EXPECT_THAT(told("config history"), AllOf(HasSubstr(acting()), HasSubstr("Server (`guild-config`)")));
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
              Not(HasSubstr("guild-config")));
}

TEST_F(guild_config, one_setting_is_unset_and_the_others_stay) {
  set("ticket", {{"log_channel", channel()}, {"maximum", 3}, {"staff_roles", json::array{guild()}}});
  const std::string offered = suggest("config unset", "setting", {{"setting", ""}}).text();
  EXPECT_THAT(offered, AllOf(HasSubstr("ticket.log_channel"), HasSubstr("Tickets: Open at a time")));
  EXPECT_THAT(offered, AllOf(Not(HasSubstr("ticket.category")), Not(HasSubstr("ticket.staff_roles"))));
  EXPECT_THAT(suggest("config unset", "setting", {{"setting", "LOG"}}).text(),
              AllOf(HasSubstr("ticket.log_channel"), Not(HasSubstr("ticket.maximum"))));
  speak("ja");
  EXPECT_THAT(suggest("config unset", "setting", {{"setting", "記録"}}).text(),
              HasSubstr("チケット: 記録チャンネル"));
  speak("en-US");

  EXPECT_THAT(told("config unset", {{"setting", "ticket.log_channel"}}),
              AllOf(HasSubstr("Saved."), HasSubstr("→ not set")));
  EXPECT_THAT(told("config view"), AllOf(HasSubstr("Open at a time: 3"), HasSubstr("Log channel: not set")));
  EXPECT_THAT(told("config unset", {{"setting", "ticket.log_channel"}}), HasSubstr("It was so already"));
  EXPECT_THAT(told("config history"), HasSubstr("Log channel"));
  EXPECT_THAT(told("config undo", {{"number", 2}}), HasSubstr("Saved."));
  EXPECT_THAT(told("config view"), HasSubstr("Log channel: <#" + channel()));
}

TEST_F(guild_config, what_cannot_be_unset_is_refused_politely) {
  EXPECT_THAT(told("config unset", {{"setting", "ticket.staff_roles"}}), HasSubstr("Staff roles is a list"));
  for (const char* none : {"ticket.nothing", "ticket", "musik.volume", "."})
    EXPECT_THAT(told("config unset", {{"setting", none}}), HasSubstr("there is no setting"));
  speak("ja");
  EXPECT_THAT(told("config unset", {{"setting", "ticket.staff_roles"}}), HasSubstr("対応ロール は一覧です"));
  EXPECT_THAT(told("config unset", {{"setting", "ticket.nothing"}}), HasSubstr("という設定はありません"));
  EXPECT_THAT(told("config unset", {{"setting", "ticket.maximum"}}), HasSubstr("すでにその設定です"));
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
  EXPECT_THAT(exported.text(), Not(HasSubstr("Role panels")));
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

// A file of another server is the usual reason.
TEST_F(guild_config, an_import_points_out_what_is_not_of_this_server) {
  const shown asked = use("config import", {{"file", of_tickets({{"category", channel()},
                                                                 {"log_channel", "42"},
                                                                 {"staff_roles", json::array{"43"}},
                                                                 {"welcome", "Hello {usr}"}})}});
  EXPECT_THAT(asked.text(),
              AllOf(HasSubstr("Look at this first"), HasSubstr("<#" + channel() + "> is no category"),
                    HasSubstr("The channel <#42> does not exist"),
                    HasSubstr("The role <@&43> does not exist"), HasSubstr("stay as they are: `{usr}`")));
  EXPECT_THAT(press(asked, "import").text(), HasSubstr("Saved."));
  EXPECT_THAT(told("config undo", {{"number", 1}}), Not(HasSubstr("does not exist")));
  EXPECT_THAT(told("config undo", {{"number", 2}}), HasSubstr("The channel <#42> does not exist"));
  speak("ja");
  EXPECT_THAT(told("config import", {{"file", of_tickets({{"welcome", "{usr}"}, {"category", "42"}})}}),
              AllOf(HasSubstr("確認してください"), HasSubstr("使えないため")));
  EXPECT_THAT(told("config import", {{"file", of_tickets({{"welcome", "{user}"}})}}),
              Not(HasSubstr("確認してください")));
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
              AllOf(HasSubstr("language"), HasSubstr("musik")));
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
