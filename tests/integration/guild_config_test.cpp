// /config as a guild's managers use it, and as others see its effect.
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/fleet_harness.hpp"
#include "settings/settings_desk.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

class guild_config : public testing::Test {
 protected:
  guild_config() {
    environment["FEATURES"] = "guild-config";
    environment["SQLITE_PATH"] = (folder / "bot.sqlite").string();
    bot = std::make_unique<node>(folder, environment);
    EXPECT_TRUE(bot->ready()) << bot->log();
  }
  // What the user is shown, of embeds too.
  [[nodiscard]] std::string use(const std::string& command, json::object options = {},
                                const std::string& locale = "en-US") const {
    return json::serialize(this->command(command, std::move(options), locale));
  }
  // The status of the interaction.
  [[nodiscard]] json::object command(const std::string& name, json::object options = {},
                                     const std::string& locale = "en-US") const {
    const json::object call{{"bot", "bot1"},    {"name", name},  {"options", std::move(options)},
                            {"locale", locale}, {"wait", 5'000}, {"user", manager}};
    return discord.act_once_possible("command", call);
  }
  // Presses the button of this action below a shown import.
  [[nodiscard]] json::object press(const json::object& shown, const std::string& action) const {
    const json::object& message = shown.at("reply").as_object();
    std::string custom_id;
    for (const json::value& button : message.at("components").at(0).at("components").as_array()) {
      const std::string one = text_of(button.as_object(), "custom_id");
      if (one.contains(":" + action + ":")) custom_id = one;
    }
    return discord.act(
        "button",
        {{"message", message.at("id")}, {"custom_id", custom_id}, {"user", manager}, {"wait", 5'000}});
  }
  [[nodiscard]] static json::object attached(const std::string& content) {
    return {{"filename", "settings.json"}, {"content", content}};
  }
  [[nodiscard]] static std::string text_of_file(const json::object& shown) {
    const std::string url = text_of(shown.at("reply").at("attachments").at(0).as_object(), "url");
    const auto at = net::parse_url(url);
    return support::answer_to({.origin = fmt::format("http://{}", at->authority()), .path = at->target}).body;
  }

  static constexpr auto japanese =
      R"({"format":"guildfleet-settings","version":1,"guild":"1","features":{"guild-config":{"language":"ja"}}})";

  base::scratch_folder folder;
  simulated_discord discord;
  std::string manager = discord.owner_of_first_guild();
  node::variables environment = node::environment_of(discord);
  std::unique_ptr<node> bot;
};

TEST_F(guild_config, is_set_seen_and_reset) {
  EXPECT_THAT(use("config view"), HasSubstr("Automatic"));
  EXPECT_THAT(use("config language", {{"value", "ja"}}), HasSubstr("Saved."));
  EXPECT_THAT(use("config language", {{"value", "ja"}}), HasSubstr("It was so already"));
  EXPECT_THAT(use("config view", {}, "ja"), HasSubstr("日本語"));
  EXPECT_THAT(use("config history"), HasSubstr(manager));
  EXPECT_THAT(use("config reset", {{"feature", "guild-config"}}), HasSubstr("Saved."));
  EXPECT_THAT(use("config view"), HasSubstr("Automatic"));
  EXPECT_THAT(use("config undo", {{"number", 2}}), HasSubstr("Saved."));
  EXPECT_THAT(use("config view"), HasSubstr("日本語"));
  EXPECT_THAT(use("config undo", {{"number", 99}}), HasSubstr("there is no such change"));
  EXPECT_THAT(use("config reset", {{"feature", "musik"}}), HasSubstr("no feature of this name"));
}

TEST_F(guild_config, outlives_a_restart) {
  EXPECT_THAT(use("config language", {{"value", "ja"}}), HasSubstr("Saved."));
  EXPECT_EQ(bot->stop(), 0);
  bot = std::make_unique<node>(folder, environment);
  ASSERT_TRUE(bot->ready());
  EXPECT_THAT(use("config view"), HasSubstr("日本語"));
}

// Discord itself holds the command back, by the permission it was published with; where it does not, as when
// a server's own settings lend the command to somebody, the bot asks too.
TEST_F(guild_config, is_for_who_may_manage_the_server_only) {
  EXPECT_THAT(use("config view"), HasSubstr("Automatic"));
  const std::string member = text_of(discord.act("join", {{"name", "newcomer"}}), "id");
  json::object call{
      {"bot", "bot1"}, {"name", "config view"}, {"user", member}, {"wait", 5'000}, {"locale", "ja"}};
  EXPECT_FALSE(discord.try_act("command", call));
  call["lent"] = true;
  EXPECT_THAT(json::serialize(discord.act("command", call)), HasSubstr("次の権限が必要です: Manage Server"));
}

TEST_F(guild_config, an_export_is_imported_after_a_look_at_what_it_changes) {
  EXPECT_THAT(use("config language", {{"value", "ja"}}), HasSubstr("Saved."));
  const json::object exported = command("config export");
  EXPECT_EQ(exported.at("ephemeral"), true);
  const std::string file = text_of_file(exported);
  EXPECT_THAT(file, HasSubstr(R"("language":"ja")"));
  EXPECT_THAT(use("config import", {{"file", attached(file)}}), HasSubstr("It was so already"));
  EXPECT_THAT(use("config reset", {{"feature", "guild-config"}}), HasSubstr("Saved."));

  const json::object shown = command("config import", {{"file", attached(file)}});
  EXPECT_THAT(json::serialize(shown), HasSubstr("Language: Automatic / 自動 → 日本語"));
  EXPECT_THAT(use("config view"), HasSubstr("Automatic"));
  const json::object pressed = press(shown, "import");
  EXPECT_THAT(json::serialize(pressed), HasSubstr("Saved."));
  EXPECT_THAT(use("config view"), HasSubstr("日本語"));
  EXPECT_THAT(use("config history"), HasSubstr("日本語"));
}

TEST_F(guild_config, an_import_that_was_shown_outlives_a_restart_and_can_be_cancelled) {
  const json::object shown = command("config import", {{"file", attached(japanese)}});
  const json::object other = command("config import", {{"file", attached(japanese)}});
  EXPECT_THAT(json::serialize(press(other, "cancel")), HasSubstr("Nothing was saved."));
  EXPECT_EQ(bot->stop(), 0);
  bot = std::make_unique<node>(folder, environment);
  ASSERT_TRUE(bot->ready());
  EXPECT_THAT(json::serialize(press(shown, "import")), HasSubstr("Saved."));
}

TEST_F(guild_config, an_import_is_shown_anew_when_the_settings_changed_meanwhile) {
  const json::object shown = command("config import", {{"file", attached(japanese)}});
  EXPECT_THAT(use("config language", {{"value", "en"}}), HasSubstr("Saved."));
  const json::object again = press(shown, "import");
  EXPECT_THAT(json::serialize(again), HasSubstr("have changed since"));
  EXPECT_THAT(json::serialize(again), HasSubstr("Language: English → 日本語"));
  EXPECT_THAT(use("config view"), HasSubstr("English"));
  EXPECT_THAT(json::serialize(press(again, "import")), HasSubstr("Saved."));
}

TEST_F(guild_config, a_file_that_is_no_export_changes_nothing_and_says_why) {
  EXPECT_THAT(use("config import", {{"file", attached("{}")}}), HasSubstr("format"));
  EXPECT_THAT(use("config import", {{"file", attached("\xEF\xBB\xBFhello")}}),
              HasSubstr("Nothing was saved"));
  EXPECT_THAT(use("config import", {{"file", attached(std::string((1U << 20U) + 1, ' '))}}),
              HasSubstr("larger than 1 MiB"));
  EXPECT_THAT(use("config import",
                  {{"file", attached(R"({"format":"guildfleet-settings","version":1,"guild":"1",)"
                                     R"("features":{"guild-config":{"language":"fr"},"musik":{}}})")}}),
              testing::AllOf(HasSubstr("language"), HasSubstr("musik")));
  EXPECT_THAT(use("config history"), HasSubstr("Nothing has been changed yet."));
}

}  // namespace
}  // namespace guildfleet::integration
