// Every fault of the REST side, while a member waits for an answer.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/fleet_harness.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

struct fault_case {
  std::string name;
  json::object fault;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
void PrintTo(const fault_case& which, std::ostream* to) {
  *to << which.name;
}

class rest_faults : public testing::TestWithParam<fault_case> {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<base::scratch_folder>();
    discord = std::make_unique<simulated_discord>();
    bot = std::make_unique<node>(*folder, node::environment_of(*discord));
    ASSERT_TRUE(bot->ready()) << bot->log();
    ASSERT_TRUE(bot->logs("commands registered"));
  }
  static void TearDownTestSuite() {
    if (bot) EXPECT_EQ(bot->stop(), 0);
    bot.reset();
    discord.reset();
    folder.reset();
  }

  static inline std::unique_ptr<base::scratch_folder> folder;
  static inline std::unique_ptr<simulated_discord> discord;
  static inline std::unique_ptr<node> bot;
};

TEST_P(rest_faults, the_member_gets_the_answer_all_the_same) {
  json::object fault = GetParam().fault;
  fault["route"] = "/callback";
  fault["method"] = "POST";
  discord->fault(std::move(fault));
  const json::object during = discord->use_command("bot1", "ping");
  EXPECT_TRUE(during.at("answered").as_bool()) << bot->log();
  EXPECT_TRUE(during.at("followups").as_array().empty());
  EXPECT_TRUE(discord->use_command("bot1", "ping").at("answered").as_bool());
  EXPECT_EQ(number_of(discord->report().at("rest").as_object(), "while_limited"), 0);
  EXPECT_EQ(text_of(bot->health(), "status"), "ok");
  discord->fault({{"kind", "clear"}});
}

INSTANTIATE_TEST_SUITE_P(each, rest_faults,
                         testing::Values(fault_case{"bucket_limit", {{"kind", "user_429"}, {"delay", 300}}},
                                         fault_case{"shared_limit", {{"kind", "shared_429"}, {"delay", 300}}},
                                         fault_case{"global_limit", {{"kind", "global_429"}, {"delay", 300}}},
                                         fault_case{"error_500", {{"kind", "server_error"}, {"status", 500}}},
                                         fault_case{"error_503", {{"kind", "server_error"}, {"status", 503}}},
                                         fault_case{"error_page", {{"kind", "html_error"}, {"status", 502}}},
                                         fault_case{"latency", {{"kind", "latency"}, {"delay", 1'000}}},
                                         fault_case{"reset_before", {{"kind", "reset"}}},
                                         fault_case{"reset_after", {{"kind", "reset_after"}}}),
                         [](const testing::TestParamInfo<fault_case>& info) { return info.param.name; });

TEST(rest_start, commands_are_registered_although_discord_stumbles) {
  const base::scratch_folder folder;
  const simulated_discord discord;
  discord.fault({{"kind", "server_error"}, {"status", 503}, {"count", 2}, {"route", "/commands"}});
  discord.fault({{"kind", "user_429"}, {"delay", 500}, {"route", "/commands"}});
  discord.fault({{"kind", "reset"}, {"route", "/gateway/bot"}});
  node bot(folder, node::environment_of(discord));
  ASSERT_TRUE(bot.logs("commands registered")) << bot.log();
  EXPECT_TRUE(discord.use_command("bot1", "ping").at("answered").as_bool());
  EXPECT_EQ(number_of(discord.report().at("rest").as_object(), "while_limited"), 0);
}

TEST(rest_start, registered_commands_are_not_written_again) {
  const base::scratch_folder folder;
  const simulated_discord discord;
  const auto writes = [&] {
    std::int64_t count = 0;
    for (const auto& [route, statuses] : discord.report().at("rest").at("by_route").as_object()) {
      const bool of_commands = route.contains("/commands") && !route.starts_with("GET");
      if (of_commands) {
        for (const auto& [status, times] : statuses.as_object()) count += times.to_number<std::int64_t>();
      }
    }
    return count;
  };
  node first(folder, node::environment_of(discord), "first");
  ASSERT_TRUE(first.logs("commands registered"));
  const std::int64_t before = writes();
  EXPECT_GT(before, 0);
  ASSERT_EQ(first.stop(), 0);
  // A new session: the commands are compared when READY comes.
  node::variables changed = node::environment_of(discord);
  changed["FEATURES"] = "probe,ping";
  changed["SQLITE_PATH"] = (folder / "fresh.sqlite").string();
  node second(folder, changed, "second");
  ASSERT_TRUE(second.logs("commands are registered already")) << second.log();
  EXPECT_EQ(writes(), before);
}

TEST(rest_start, a_refused_token_stops_its_bot_alone) {
  const base::scratch_folder folder;
  const simulated_discord discord({.bots = {"right"}});
  std::ofstream(folder / "fleet.yaml")
      << "port: 0\naddress: 127.0.0.1\ndiscord: { api_url: \"" << discord.api_url() << "\" }\nbots:\n"
      << "  - { name: right, token: \"" << discord.token_of("right") << "\" }\n"
      << "  - { name: wrong, token: MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa }\n";
  node bots(folder, {});
  ASSERT_TRUE(eventually(patience, [&] { return text_of(bots.health_of("wrong"), "status") == "stopped"; }))
      << bots.log();
  EXPECT_THAT(text_of(bots.health_of("wrong"), "problem"), HasSubstr("Reset Token"));
  EXPECT_TRUE(eventually(patience, [&] { return text_of(bots.health_of("right"), "status") == "ok"; }));
  EXPECT_TRUE(bots.logs("commands registered"));
  EXPECT_TRUE(discord.use_command("right", "ping").at("answered").as_bool());
}

}  // namespace
}  // namespace guildfleet::integration
