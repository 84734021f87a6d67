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
                                const std::string& locale = "en-US", const std::string& user = {}) const {
    json::object call{{"bot", "bot1"},    {"name", command}, {"options", std::move(options)},
                      {"locale", locale}, {"wait", 5'000},   {"user", user.empty() ? manager : user}};
    json::object shown;
    EXPECT_TRUE(eventually(patience, [&] {
      const auto answer = discord.try_act("command", call);
      if (answer) shown = *answer;
      return answer.has_value();
    }));
    return json::serialize(shown);
  }

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

// Discord itself holds the command back, by the permission it was published with; a server's own settings may
// lend it to a role, so that the bot does not ask again.
TEST_F(guild_config, is_published_for_who_may_manage_the_server_only) {
  EXPECT_THAT(use("config view"), HasSubstr("Automatic"));
  const std::string member = text_of(discord.act("join", {{"name", "newcomer"}}), "id");
  EXPECT_FALSE(discord.try_act("command", {{"bot", "bot1"}, {"name", "config view"}, {"user", member}}));
}

}  // namespace
}  // namespace guildfleet::integration
