// guildfleet plan: its options, and its questions to a simulated Discord and to a node's answers.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/scratch_folder.hpp"
#include "cli/live_figures.hpp"
#include "cli/plan_request.hpp"
#include "cli/program_run.hpp"
#include "cli/simulator_host.hpp"

namespace guildfleet::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

// Every test works in a folder of its own.
class plan_command : public testing::Test, protected program_run {
 protected:
  plan_command() : before(std::filesystem::current_path()) {
    std::filesystem::current_path(folder.path());
    facts.version = "1.2.3";
    facts.known_features = {"ping"};
    facts.default_features = facts.known_features;
    facts.variables = [this](std::string_view name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      if (found == environment.end()) return std::nullopt;
      return found->second;
    };
  }
  ~plan_command() override { std::filesystem::current_path(before); }

  static void write(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
    std::filesystem::permissions(path, std::filesystem::perms(0600));
  }
  static std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  boost::json::value json() const { return boost::json::parse(out); }

  std::filesystem::path before;
  base::scratch_folder folder;
  std::map<std::string, std::string, std::less<>> environment;
};

constexpr std::string_view two_bots = R"(
bots:
  - { name: music, token: "${MUSIC_TOKEN}", shards: 4 }
  - { name: game, token: "${GAME_TOKEN}" }
)";

TEST_F(plan_command, needs_neither_a_file_nor_a_token) {
  EXPECT_EQ(run({"plan", "--guilds", "40000"}), exit_code::fine) << err;
  EXPECT_THAT(out, HasSubstr("bot1: 40,000 guilds"));
  EXPECT_THAT(out, HasSubstr("26 recommended"));
  EXPECT_THAT(out, HasSubstr("the common rule guilds/2500+1 says 17"));
  EXPECT_THAT(out, HasSubstr("Hetzner Cloud"));
}

TEST_F(plan_command, plans_the_bots_that_the_options_name) {
  EXPECT_EQ(run({"plan", "--guilds", "music=12000,game=300", "-o", "json"}), exit_code::fine) << err;
  const auto bots = json().at("bots").as_array();
  ASSERT_EQ(bots.size(), 2U);
  EXPECT_EQ(bots.at(0).at("name"), "game");
  EXPECT_EQ(bots.at(1).at("guilds"), 12'000);
}

TEST_F(plan_command, takes_bots_and_their_shards_from_the_file_and_needs_no_secret) {
  write("fleet.yaml", two_bots);
  EXPECT_EQ(run({"plan", "--guilds", "100", "--guilds", "music=12000", "-o", "json"}), exit_code::fine)
      << err;
  const auto bots = json().at("bots").as_array();
  ASSERT_EQ(bots.size(), 2U);
  EXPECT_EQ(bots.at(0).at("guilds"), 12'000);
  EXPECT_EQ(bots.at(0).at("shards").at("configured"), 4);
  EXPECT_THAT(std::string(bots.at(0).at("warnings").at(0).as_string()), HasSubstr("cannot connect (4011)"));
  EXPECT_EQ(bots.at(1).at("guilds"), 100);
  EXPECT_EQ(bots.at(1).at("nodes").at("recommended"), 1);
  EXPECT_TRUE(json().at("connections").is_null());
}

TEST_F(plan_command, refuses_what_cannot_be_planned) {
  struct row {
    std::vector<std::string> options;
    std::string_view why;
  };
  write("bad.yaml", "platforms: [{ name: A }]\n");
  for (const row& each :
       {row{{}, "how many guilds? Write --guilds 40000"},
        row{{"--guilds", "0"}, "--guilds 0: the number of guilds must be a whole number from 1 to 10000000"},
        row{{"--guilds=-5"}, "--guilds -5: the number"}, row{{"--guilds", "10000001"}, "from 1 to 10000000"},
        row{{"--guilds", "1e9"}, "--guilds 1e9: the number"},
        row{{"--guilds", "99999999999999999999999"}, "from 1 to 10000000"},
        row{{"--guilds", "=5"}, "--guilds =5: the bot's name is missing"},
        row{{"--guilds", "a=5,a=6"}, "bot a stands twice"},
        row{{"--guilds", "5,6"}, "the number for all bots stands twice"},
        row{{"--guilds", "5", "--headroom", "50"}, "--headroom 50: write a share from 0% to 1000%"},
        row{{"--guilds", "5", "--growth", "-1%"}, "--growth"},
        row{{"--guilds", "5", "--growth", "nan%"}, "--growth nan%"},
        row{{"--guilds", "5", "--months", "0"}, "--months"},
        row{{"--guilds", "5", "--prices", "absent.yaml"}, "--prices absent.yaml: cannot be read"},
        row{{"--guilds", "5", "--prices", "."}, "--prices .: cannot be read"},
        row{{"--guilds", "5", "--prices", "bad.yaml"}, "bad.yaml:1:13: error: platforms[0].url is missing"},
        row{{"--guilds", "5", "--url", "http://127.0.0.1:1"}, "--url is for --live"},
        row{{"--live"}, "there is none: set DISCORD_TOKEN, or name the configuration with --config"},
        row{{"--guilds", "5", "-c", "absent.yaml"}, "absent.yaml"}}) {
    std::vector<std::string> words{"plan"};
    words.insert(words.end(), each.options.begin(), each.options.end());
    EXPECT_EQ(run(words), exit_code::usage) << each.why;
    EXPECT_THAT(err, HasSubstr(each.why));
    EXPECT_EQ(out, "");
  }
}

TEST_F(plan_command, names_the_bot_that_was_meant) {
  write("fleet.yaml", two_bots);
  EXPECT_EQ(run({"plan", "--guilds", "musik=5"}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("there is no bot musik in this configuration (did you mean music?)"));
}

TEST_F(plan_command, writes_a_picture) {
  EXPECT_EQ(run({"plan", "--guilds", "40000", "--svg", "growth.svg"}), exit_code::fine);
  EXPECT_EQ(err, "wrote growth.svg\n");
  EXPECT_THAT(read("growth.svg"), HasSubstr("</svg>"));
  EXPECT_EQ(run({"plan", "--guilds", "40000", "--svg", "absent/growth.svg"}), exit_code::failed);
  EXPECT_THAT(err, HasSubstr("absent/growth.svg: No such file or directory"));
}

TEST_F(plan_command, takes_another_price_list) {
  write("mine.yaml",
        "platforms: [{ name: Cellar, url: u, plans: [{ name: PC, vcpu: 8, memory_mib: 16384, price: 3, "
        "currency: EUR, as_of: 2020-01-01, source: me }] }]\n");
  EXPECT_EQ(run({"plan", "--guilds", "40000", "--prices", "mine.yaml", "-o", "json"}), exit_code::fine)
      << err;
  const auto costs = json().at("costs").as_array();
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_EQ(costs.at(0).at("price"), 6.0);
  EXPECT_EQ(costs.at(0).at("age"), "old");
}

// A simulated Discord with bots of these names, and the environment that their configuration needs.
class live_plan : public plan_command {
 protected:
  live_plan() : simulator(settings()) {}
  void start() {
    ASSERT_TRUE(simulator.start());
    environment["MUSIC_TOKEN"] = simulator.bots().at(0).token;
    environment["GAME_TOKEN"] = simulator.bots().at(1).token;
    write("fleet.yaml", std::string("port: 1\ndiscord: { api_url: ") + simulator.api_url() + " }\n" +
                            std::string(two_bots));
  }
  static sim::simulator_settings settings() {
    sim::simulator_settings out;
    out.world.guilds = 7;
    out.world.bots = 2;
    for (const int shards : {3, 48}) {
      sim::bot_spec bot;
      bot.name = "bot" + std::to_string(shards);
      bot.recommended_shards = shards;
      bot.max_concurrency = 16;
      bot.session_start_total = 1'234;
      out.world.bot_specs.push_back(std::move(bot));
    }
    return out;
  }
  simulator_host simulator;
};

TEST_F(live_plan, asks_discord_for_each_bots_limits_and_guilds) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(run({"plan", "--live", "-o", "json"}), exit_code::fine) << err;
  EXPECT_THAT(err, HasSubstr("no node answers on http://127.0.0.1:1"));
  const auto bots = json().at("bots").as_array();
  ASSERT_EQ(bots.size(), 2U);
  EXPECT_EQ(bots.at(0).at("name"), "music");
  EXPECT_EQ(bots.at(0).at("guilds"), 7);
  EXPECT_EQ(bots.at(0).at("shards").at("discord"), 3);
  EXPECT_EQ(bots.at(1).at("shards").at("discord"), 48);
  EXPECT_EQ(bots.at(0).at("start").at("max_concurrency"), 16);
  EXPECT_EQ(bots.at(0).at("start").at("max_concurrency_is_a_guess"), false);
  EXPECT_EQ(bots.at(0).at("identifies").at("a_day"), 1'234);
}

TEST_F(live_plan, lets_the_options_say_another_number_of_guilds) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(run({"plan", "--live", "--guilds", "game=160000", "-o", "json"}), exit_code::fine) << err;
  const auto bots = json().at("bots").as_array();
  ASSERT_EQ(bots.size(), 1U);
  EXPECT_EQ(bots.at(0).at("name"), "game");
  EXPECT_EQ(bots.at(0).at("shards").at("multiple"), 48);
  EXPECT_EQ(bots.at(0).at("shards").at("recommended"), 144);
}

TEST_F(live_plan, tells_which_bots_token_is_refused_and_not_the_token) {
  ASSERT_NO_FATAL_FAILURE(start());
  environment["GAME_TOKEN"] = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  EXPECT_EQ(run({"plan", "--live"}), exit_code::failed);
  EXPECT_THAT(err, HasSubstr("bot game: "));
  EXPECT_THAT(err, HasSubstr("Discord refused the token"));
  EXPECT_THAT(err, Not(HasSubstr("AAAAAA")));
}

TEST_F(live_plan, says_that_discord_cannot_be_reached) {
  write("fleet.yaml", "discord: { api_url: \"http://127.0.0.1:1/api\" }\n" + std::string(two_bots));
  environment["MUSIC_TOKEN"] = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  environment["GAME_TOKEN"] = "MTIzNDU2Nzg5MDEyMzQ1Njc5.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  EXPECT_EQ(run({"plan", "--live"}), exit_code::failed);
  EXPECT_THAT(err, HasSubstr("bot music: "));
  EXPECT_THAT(err, HasSubstr("Discord could not be reached"));
}

TEST_F(live_plan, misses_the_tokens_that_it_needs) {
  write("fleet.yaml", two_bots);
  EXPECT_EQ(run({"plan", "--live"}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("MUSIC_TOKEN is not set"));
}

TEST_F(live_plan, wants_an_answer_of_a_node_that_is_named) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(run({"plan", "--live", "--url", "nonsense"}), exit_code::usage);
  EXPECT_EQ(run({"plan", "--live", "--url", "http://127.0.0.1:1"}), exit_code::failed);
  const std::string origin = "http://127.0.0.1:" + std::to_string(simulator.port());
  EXPECT_EQ(run({"plan", "--live", "--url", origin}), exit_code::failed);
  EXPECT_THAT(err, HasSubstr("is not the JSON of a guildfleet node"));
}

std::string health_of(std::string_view shards, std::string_view memory) {
  return fmt::format(R"({{"memory":{},"uptime":1200,"bots":[{{"name":"music","shards":[{}]}}]}})", memory,
                     shards);
}

TEST(node_figures, add_up_the_shards_of_all_nodes) {
  node_figures all;
  EXPECT_TRUE(add_node(
      all,
      health_of(R"({"held":true,"count":4,"guilds":1000},{"held":false,"count":4,"guilds":9})", "24000000"),
      "guildfleet_gateway_events_total{bot=\"music\",type=\"X\"} 12000\n"
      "guildfleet_rest_requests_total{route=\"create_message\",status=\"200\"} 600\n"
      "guildfleet_rest_requests_total{route=\"create_callback\",status=\"200\"} 999\n"));
  EXPECT_EQ(all.bots.at("music").all_guilds(), 4'000U);
  EXPECT_TRUE(add_node(all,
                       health_of(R"({"held":true,"count":4,"guilds":1100},
      {"held":true,"count":4,"guilds":900,"muted":false},{"held":true,"count":4,"guilds":7,"muted":true})",
                                 "26000000"),
                       ""));
  EXPECT_EQ(all.bots.at("music").shards, 3U);
  EXPECT_EQ(all.bots.at("music").all_guilds(), 4'000U);
  EXPECT_EQ(all.guilds(), 3'000U);
  EXPECT_DOUBLE_EQ(all.events_per_guild().value_or(0), 12'000.0 / 1'200 * 60 / 3'000);
  EXPECT_DOUBLE_EQ(all.requests_per_guild().value_or(0), 600.0 / 1'200 * 60 / 3'000);
  const ops::measured_costs costs{};
  EXPECT_NEAR(all.bytes_per_guild(costs).value_or(0),
              (50e6 - 2 * costs.node_bytes - 3 * costs.of_a_shard(true)) / 3'000, 1);
}

TEST(node_figures, of_too_few_guilds_say_nothing) {
  node_figures all;
  EXPECT_TRUE(add_node(all, health_of(R"({"held":true,"count":1,"guilds":999})", "90000000"), ""));
  EXPECT_FALSE(all.bytes_per_guild({}));
  EXPECT_FALSE(add_node(all, "{}", ""));
  EXPECT_FALSE(add_node(all, "no json", ""));
}

}  // namespace
}  // namespace guildfleet::cli
