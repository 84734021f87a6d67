// What a person meets when something is not as it should be: messages and exit codes of the program.
#include <SQLiteCpp/SQLiteCpp.h>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/fleet_harness.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

constexpr std::string_view some_token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

class faces : public testing::Test {
 protected:
  // Runs it to its end.
  int run(std::vector<std::string> arguments, node::variables environment = {}) {
    arguments.insert(arguments.begin(), GUILDFLEET_PROGRAM);
    support::child_process program(
        {std::move(arguments), std::move(environment), folder.path(), folder / "out", folder / "err"});
    const auto code = program.wait(patience);
    out = program.out();
    err = program.err();
    return code.value_or(-1000);
  }
  static node::variables offline() {
    // Port 9 is "discard": nobody listens there.
    return {{"DISCORD_TOKEN", std::string(some_token)}, {"DISCORD_API_URL", "http://127.0.0.1:9/api"}};
  }

  base::scratch_folder folder;
  std::string out;
  std::string err;
};

TEST_F(faces, exit_codes_tell_use_from_failure) {
  EXPECT_EQ(run({"fly"}), 2);
  EXPECT_EQ(run({"run", "--fly"}), 2);
  EXPECT_EQ(run({"run"}), 2);
  EXPECT_THAT(out + err, HasSubstr("DISCORD_TOKEN"));
  EXPECT_EQ(run({"--version"}), 0);
  EXPECT_EQ(run({"status", "--url", "http://127.0.0.1:9"}), 1);
}

TEST_F(faces, a_malformed_file_is_explained_with_its_place) {
  std::ofstream(folder / "fleet.yaml") << "port: 3001\nbots:\n  - { name: a, tokn: x }\n";
  EXPECT_EQ(run({"run"}), 2);
  EXPECT_THAT(out + err, HasSubstr("fleet.yaml:3:16: error: unknown key \"tokn\" (did you mean token?)"));
  std::ofstream(folder / "fleet.yaml") << "bots: [\n";
  EXPECT_EQ(run({"run"}), 2);
  EXPECT_THAT(out + err, HasSubstr("fleet.yaml:"));
}

TEST_F(faces, a_taken_port_is_named) {
  const simulated_discord discord;
  auto environment = offline();
  environment["PORT"] = std::to_string(discord.port());
  environment["ADDRESS"] = "127.0.0.1";
  EXPECT_EQ(run({"run"}, environment), 1);
  EXPECT_THAT(err, HasSubstr(std::to_string(discord.port())));
  EXPECT_THAT(err, HasSubstr("port"));
}

TEST_F(faces, a_damaged_database_is_refused_and_left_alone) {
  const std::string garbage(8'192, 'x');
  std::ofstream(folder / "bot.sqlite") << garbage;
  auto environment = offline();
  environment["SQLITE_PATH"] = (folder / "bot.sqlite").string();
  EXPECT_EQ(run({"run"}, environment), 1);
  EXPECT_THAT(err, HasSubstr("damaged or no SQLite database"));
  EXPECT_THAT(err, HasSubstr("bot.sqlite"));
  EXPECT_EQ(support::read_file(folder / "bot.sqlite"), garbage);
}

TEST_F(faces, a_database_that_cannot_be_is_explained) {
  auto environment = offline();
  environment["SQLITE_PATH"] = "/proc/guildfleet/bot.sqlite";
  EXPECT_EQ(run({"run"}, environment), 1);
  EXPECT_THAT(err, HasSubstr("/proc/guildfleet"));
}

TEST_F(faces, a_database_of_a_newer_release_is_refused) {
  auto environment = offline();
  environment["SQLITE_PATH"] = (folder / "bot.sqlite").string();
  {
    node first(folder, environment);
    ASSERT_EQ(first.get("/livez").status, 200);
    ASSERT_EQ(first.stop(), 0) << first.log();
  }
  {
    SQLite::Database database((folder / "bot.sqlite").string(), SQLite::OPEN_READWRITE);
    database.exec(
        "INSERT INTO schema_migration(component, version, readable_from, applied_ms) "
        "SELECT DISTINCT component, 1000, 1000, 0 FROM schema_migration");
  }
  EXPECT_EQ(run({"run"}, environment), 1);
  EXPECT_THAT(err, HasSubstr("newer release of guildfleet"));
}

TEST_F(faces, without_discord_it_stays_alive_says_so_and_begins_when_it_can) {
  std::uint16_t port = 0;
  node::variables environment;
  {
    const simulated_discord gone;
    port = gone.port();
    environment = node::environment_of(gone);
  }
  node bot(folder, environment);
  EXPECT_TRUE(bot.logs("Discord cannot be reached; trying again")) << bot.log();
  EXPECT_EQ(bot.get("/livez").status, 200);
  EXPECT_EQ(bot.get("/readyz").status, 503);
  EXPECT_EQ(text_of(bot.health(), "status"), "starting");
  EXPECT_FALSE(text_of(bot.health_of("bot1"), "problem").empty());
  const simulated_discord back({.port = port});
  EXPECT_TRUE(bot.ready(60s)) << bot.log();
  EXPECT_EQ(bot.get("/readyz").status, 200);
  EXPECT_EQ(bot.stop(), 0);
}

TEST_F(faces, sigterm_ends_it_at_every_stage_of_the_start) {
  {
    node waits_for_discord(folder, offline(), "a");
    ASSERT_FALSE(waits_for_discord.origin().empty());
    EXPECT_EQ(waits_for_discord.stop(), 0) << waits_for_discord.log();
  }
  const simulated_discord discord;
  discord.fault({{"kind", "latency"}, {"delay", 20'000}, {"route", "/gateway/bot"}});
  {
    node waits_for_answer(folder, node::environment_of(discord), "b");
    ASSERT_FALSE(waits_for_answer.origin().empty());
    EXPECT_EQ(waits_for_answer.stop(10s), 0) << waits_for_answer.log();
  }
  discord.fault({{"kind", "clear"}});
  discord.fault({{"kind", "slow_ready"}, {"ms", 20'000}});
  {
    node waits_for_ready(folder, node::environment_of(discord), "c");
    ASSERT_TRUE(eventually(patience, [&] { return discord.gateway_count("identifies") == 1; }));
    EXPECT_EQ(waits_for_ready.stop(10s), 0) << waits_for_ready.log();
  }
}

TEST_F(faces, status_shows_a_running_node) {
  const simulated_discord discord;
  node bot(folder, node::environment_of(discord));
  ASSERT_TRUE(bot.ready());
  EXPECT_EQ(run({"status", "--url", bot.origin()}), 0);
  EXPECT_THAT(out, HasSubstr("bot1"));
}

}  // namespace
}  // namespace guildfleet::integration
