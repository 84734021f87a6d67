// No secret leaves by the wrong door: a token that is easy to recognise, errors of all kinds, the most
// talkative log, and then a search in everything that can be read.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>

#include "integration/fleet_harness.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

// Everything that a node shows.
std::string shown_by(node& who) {
  std::string text = who.process().out() + who.process().err() + who.process().command_line();
  for (const char* path : {"/health", "/metrics", "/livez", "/readyz", "/nowhere"})
    text += who.get(path).body;
  return text;
}

void expect_no_trace(const std::string& token, const std::string& text) {
  EXPECT_THAT(text, Not(HasSubstr(token)));
  EXPECT_THAT(text, Not(HasSubstr(token.substr(token.rfind('.') + 1))));
  // The token of an interaction is part of a path.
  EXPECT_FALSE(std::regex_search(text, std::regex("(interactions|webhooks)/[0-9]+/[A-Za-z0-9_-]{12,}")));
}

TEST(secrets, of_a_running_bot_are_nowhere_to_be_read) {
  const base::scratch_folder folder;
  const simulated_discord discord({.heartbeat = 1s});
  auto environment = node::environment_of(discord);
  environment["LOG_LEVEL"] = "trace";
  const std::string token = environment["DISCORD_TOKEN"];
  node bot(folder, environment);
  ASSERT_TRUE(bot.ready());
  ASSERT_TRUE(bot.logs("commands registered"));
  discord.fault({{"kind", "server_error"}, {"route", "/callback"}, {"count", 20}});
  (void)discord.use_command("bot1", "ping", 3'000ms);
  for (const char* kind : {"reconnect", "corrupt_message", "garbage_frame", "half_open", "drop"}) {
    const auto resumes = discord.gateway_count("resumes_ok");
    discord.fault({{"kind", kind}});
    ASSERT_TRUE(eventually(patience, [&] { return discord.gateway_count("resumes_ok") > resumes; })) << kind;
  }
  ASSERT_TRUE(bot.ready());
  expect_no_trace(token, shown_by(bot));
  discord.fault({{"kind", "close"}, {"code", 4004}});
  ASSERT_EQ(bot.process().wait(patience), 1);
  expect_no_trace(token, bot.process().out() + bot.process().err());
}

TEST(secrets, of_a_refused_or_unreachable_bot_are_nowhere_to_be_read) {
  const base::scratch_folder folder;
  const simulated_discord discord;
  const std::string token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.CANARY.canarycanarycanarycanarycanary";
  auto environment = node::environment_of(discord);
  environment["LOG_LEVEL"] = "trace";
  environment["DISCORD_TOKEN"] = token;
  node refused(folder, environment, "refused");
  ASSERT_EQ(refused.process().wait(patience), 1);
  expect_no_trace(token, refused.process().out() + refused.process().err());

  environment["DISCORD_API_URL"] = "http://127.0.0.1:9/api";
  node alone(folder, environment, "alone");
  ASSERT_TRUE(alone.logs("cannot be reached"));
  expect_no_trace(token, shown_by(alone));
}

TEST(secrets, in_a_wrong_place_of_the_configuration_are_not_repeated) {
  const base::scratch_folder folder;
  const std::string token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.CANARY.canarycanarycanarycanarycanary";
  std::ofstream(folder / "fleet.yaml")
      << "bots:\n  - { name: a, token: \"" << token << "\", app_id: \"" << token << "\", shards: " << token
      << " }\n  - { name: b, token: \"" << token << "\" }\n";
  for (const char* command : {"check", "run"}) {
    support::child_process program(
        {{GUILDFLEET_PROGRAM, command}, {}, folder.path(), folder / "out", folder / "err"});
    EXPECT_EQ(program.wait(patience), 2);
    expect_no_trace(token, program.out() + program.err());
  }
  for (const char* variable : {"DISCORD_APP_ID", "SHARDS", "PORT", "LOG_LEVEL", "COMPRESSION", "FEATURES"}) {
    support::child_process program({{GUILDFLEET_PROGRAM, "check"},
                                    {{"DISCORD_TOKEN", token}, {variable, token}},
                                    std::filesystem::temp_directory_path(),
                                    folder / "out",
                                    folder / "err"});
    EXPECT_EQ(program.wait(patience), 2) << variable;
    expect_no_trace(token, program.out() + program.err());
  }
}

}  // namespace
}  // namespace guildfleet::integration
