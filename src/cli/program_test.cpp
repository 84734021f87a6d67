#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <unistd.h>

#include "cli/lost_output.hpp"
#include "cli/program_run.hpp"
#include "ops/render/alert_files.hpp"

namespace guildfleet::cli {
namespace {

using testing::HasSubstr;

std::vector<std::string> lines_with(std::string_view text, std::string_view part) {
  std::vector<std::string> out;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.contains(part)) out.push_back(line);
  }
  return out;
}

// Every test works in a folder of its own.
class program : public testing::Test, protected program_run {
 protected:
  program() : before(std::filesystem::current_path()) {
    folder = std::filesystem::temp_directory_path() / ("guildfleet-cli-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::filesystem::current_path(folder);
    facts.version = "1.2.3";
    facts.known_features = {"ping", "help", "about", "guild-config"};
    facts.default_features = facts.known_features;
    facts.variables = [this](std::string_view name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      if (found == environment.end()) return std::nullopt;
      return found->second;
    };
  }
  ~program() override {
    std::filesystem::current_path(before);
    std::filesystem::remove_all(folder);
  }

  static void write(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
    std::filesystem::permissions(path, std::filesystem::perms(0600));
  }
  static std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path before;
  std::filesystem::path folder;
  std::map<std::string, std::string, std::less<>> environment;
};

constexpr std::string_view token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

TEST_F(program, wrong_use_answers_2_and_help_0) {
  EXPECT_EQ(run({}), exit_code::usage);
  EXPECT_EQ(run({"fly"}), exit_code::usage);
  EXPECT_EQ(run({"check", "--fly"}), exit_code::usage);
  EXPECT_EQ(run({"check", "-o", "xml"}), exit_code::usage);
  EXPECT_EQ(run({"--help"}), exit_code::fine);
  for (const auto& command : command_table()) EXPECT_THAT(out, HasSubstr(command.name));
  EXPECT_EQ(run({"--version"}), exit_code::fine);
  EXPECT_EQ(out, "guildfleet 1.2.3\n");
}

TEST_F(program, has_every_command_that_an_alert_tells_to_run) {
  const std::regex told("guildfleet ([a-z]+)");
  for (const ops::alert_file& file : ops::alert_rule_files()) {
    for (const std::string& line : lines_with(file.text, " action: ")) {
      for (std::sregex_iterator each(line.begin(), line.end(), told); each != std::sregex_iterator(); ++each)
        EXPECT_EQ(run({(*each)[1], "--help"}), exit_code::fine) << line;
    }
  }
}

TEST_F(program, init_writes_a_fleet_that_check_finds_good) {
  ASSERT_EQ(run({"init"}), exit_code::fine);
  // As its reader is told: copy the example and fill in the token.
  std::string env = read(".env.example");
  const auto at = env.find("BOT1_TOKEN=\n");
  ASSERT_NE(at, std::string::npos);
  write(".env", env.insert(at + 11, token));
  EXPECT_EQ(run({"check"}), exit_code::fine);
  EXPECT_EQ(out, "fleet.yaml: good, 1 bot\n");
}

TEST_F(program, check_of_the_unfilled_example_says_what_to_fill_in) {
  ASSERT_EQ(run({"init"}), exit_code::fine);
  EXPECT_EQ(run({"check"}), exit_code::usage);
  EXPECT_THAT(out, HasSubstr("error: the variable BOT1_TOKEN is not set (put BOT1_TOKEN=... into .env"));
}

TEST_F(program, init_never_overwrites_unless_forced) {
  write(".env.example", "mine");
  EXPECT_EQ(run({"init"}), exit_code::refused);
  EXPECT_EQ(read(".env.example"), "mine");
  EXPECT_FALSE(std::filesystem::exists("fleet.yaml"));
  EXPECT_EQ(run({"init", "--force"}), exit_code::fine);
  EXPECT_NE(read(".env.example"), "mine");
  EXPECT_EQ(run({"init", "--dir", "absent"}), exit_code::failed);
}

TEST_F(program, check_prints_all_problems_one_a_line) {
  environment["T"] = token;
  write("fleet.yaml", "port: x\nlgo: 1\nbots:\n  - { name: a, token: \"${T}\" }\n");
  EXPECT_EQ(run({"check"}), exit_code::usage);
  EXPECT_EQ(out,
            "fleet.yaml:1:7: error: port must be a whole number from 0 to 65535, not \"x\"\n"
            "fleet.yaml:2:1: error: unknown key \"lgo\" (did you mean log?)\n");
  colours = true;
  (void)run({"check"});
  EXPECT_THAT(out, HasSubstr("fleet.yaml:1:7: \x1b[31merror: \x1b[0mport must"));
}

TEST_F(program, check_speaks_json) {
  write("other.yaml", "port: x\n");
  EXPECT_EQ(run({"check", "-c", "other.yaml", "-o", "json"}), exit_code::usage);
  const auto json = boost::json::parse(out).as_object();
  EXPECT_EQ(json.at("ok"), false);
  EXPECT_EQ(json.at("problems").at(0).at("message"), "no bot is described");
  EXPECT_EQ(json.at("problems").at(1).at("line"), 1);
}

TEST_F(program, check_tells_what_a_fleet_that_works_does_wrong) {
  environment["T"] = token;
  write("fleet.yaml", "store: { sqlite: \"/tmp/{bot}.sqlite\" }\nbots:\n  - { name: a, token: \"${T}\" }\n");
  EXPECT_EQ(run({"check"}), exit_code::fine);
  EXPECT_THAT(out, HasSubstr("fleet.yaml: good, 1 bot\n  warning GF110 "));
  EXPECT_THAT(out, HasSubstr("\n    fleet.yaml:1:18  store.sqlite: /tmp/{bot}.sqlite\n    why  "));
  EXPECT_THAT(out, HasSubstr("\n1 file: 1 warning\n"));
  EXPECT_EQ(run({"check", "--fail-on", "warning", "-o", "json"}), exit_code::usage);
  EXPECT_EQ(boost::json::parse(out).at("findings").at(0).at("id"), "GF110");
}

TEST_F(program, check_works_without_a_file) {
  EXPECT_EQ(run({"check"}), exit_code::usage);
  EXPECT_THAT(out, HasSubstr("there is no fleet.yaml here, and DISCORD_TOKEN is not set"));
  environment["DISCORD_TOKEN"] = token;
  EXPECT_EQ(run({"check"}), exit_code::fine);
  EXPECT_EQ(out, "environment: good, 1 bot\n");
}

TEST_F(program, the_env_file_never_overrides_the_environment) {
  environment["DISCORD_TOKEN"] = token;
  environment["PORT"] = "x-from-environment";
  write(".env", "PORT=x-from-file\n");
  EXPECT_EQ(run({"check"}), exit_code::usage);
  EXPECT_THAT(out, HasSubstr("x-from-environment"));
  EXPECT_EQ(run({"check", "--env-file", "absent.env"}), exit_code::usage);
  EXPECT_THAT(out, HasSubstr("cannot read absent.env"));
}

TEST_F(program, names_the_command_that_was_meant) {
  EXPECT_EQ(run({"chekc"}), exit_code::usage);
  EXPECT_EQ(err, "guildfleet: there is no command \"chekc\" (did you mean check?)\n");
  EXPECT_EQ(run({}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("check"));
  EXPECT_EQ(run({"db", "copi"}), exit_code::usage);
  EXPECT_EQ(err, "guildfleet db: there is no command \"copi\" (did you mean copy?)\n");
  EXPECT_EQ(run({"db"}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("migrate"));
}

TEST_F(program, a_wrong_address_of_a_node_is_told) {
  EXPECT_EQ(run({"status", "--url", "nonsense"}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("http://127.0.0.1:3001"));
}

// The machine that renders may be set up for another Discord than the fleet.
TEST_F(program, render_leaves_the_address_of_discord_as_the_file_has_it) {
  write("fleet.yaml",
        "discord: { api_url: \"${DISCORD_API_URL:-https://discord.com/api}\" }\n"
        "bots: [{ name: music, token: \"${T}\" }]\n");
  write(".env", "DISCORD_API_URL=http://127.0.0.1:4000/api\n");
  ASSERT_EQ(run({"render", "compose", "-o", "deploy"}), exit_code::fine) << err;
  for (const char* file : {"deploy/docker-compose.yml", "deploy/config/music.yaml"})
    EXPECT_THAT(read(file), testing::AllOf(HasSubstr("${DISCORD_API_URL:-https://discord.com/api}"),
                                           testing::Not(HasSubstr("127.0.0.1:4000"))));
}

TEST_F(program, output_that_is_lost_is_told) {
  std::ofstream full("/dev/full");
  std::ostringstream told;
  full << "a plan";
  EXPECT_EQ(after_output(exit_code::fine, {full, told, false}), exit_code::failed);
  EXPECT_THAT(told.str(), HasSubstr("standard output"));
  std::ostringstream fine;
  EXPECT_EQ(after_output(exit_code::refused, {fine, fine, false}), exit_code::refused);
  EXPECT_EQ(fine.str(), "");
}

TEST_F(program, render_tells_why_it_cannot_write) {
  write("fleet.yaml", "bots: [{ name: music, token: \"${T}\" }]\n");
  write("deploy", "a file");
  EXPECT_EQ(run({"render", "compose", "-o", "deploy"}), exit_code::failed);
  EXPECT_THAT(err, testing::AllOf(HasSubstr("guildfleet: deploy:"), HasSubstr("It is a file")));
  EXPECT_EQ(run({"render", "compose", "-o", ""}), exit_code::usage);
}

}  // namespace
}  // namespace guildfleet::cli
