#include "ops/fleet_config.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ops/config_sections.hpp"

namespace guildfleet::ops {
namespace {

using testing::HasSubstr;
using testing::Not;

// The first part is base64 of 123456789012345678.
constexpr std::string_view token_a = "MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr std::string_view token_b = "MTIzNDU2Nzg5MDEyMzQ1Njc5.BBBBBB.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

class fleet_config_file : public testing::Test {
 protected:
  fleet_config_file() {
    folder = std::filesystem::temp_directory_path() / ("guildfleet-config-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    environment["A"] = token_a;
    environment["B"] = token_b;
  }
  ~fleet_config_file() override { std::filesystem::remove_all(folder); }

  config_surroundings surroundings() {
    config_surroundings around;
    around.variables = [this](std::string_view name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      if (found == environment.end()) return std::nullopt;
      return found->second;
    };
    around.host_name = "host-1";
    around.build_version = "0.1.0";
    around.known_features = {"ping", "help", "about", "probe"};
    around.default_features = {"ping", "help"};
    return around;
  }
  config_outcome parse(std::string_view text) {
    return parse_fleet_config(
        "store: { sqlite: \"" + (folder / "{bot}.sqlite").string() + "\" }\n" + std::string(text),
        "fleet.yaml", surroundings());
  }
  config_outcome from_environment() {
    environment.try_emplace("SQLITE_PATH", (folder / "x.sqlite").string());
    return config_from_environment(surroundings());
  }
  std::string write(const std::string& name, std::string_view text, mode_t mode = 0600) {
    const auto path = folder / name;
    std::ofstream(path, std::ios::binary) << text;
    ::chmod(path.c_str(), mode);
    return path.string();
  }
  static std::string text_of(const config_outcome& outcome) {
    std::string text;
    for (const auto& each : outcome.problems) text += base::to_text(each) + "\n";
    return text;
  }

  std::filesystem::path folder;
  std::map<std::string, std::string, std::less<>> environment;
};

TEST_F(fleet_config_file, trusts_proxies_that_it_can_tell_from_everybody) {
  const struct {
    const char* list;
    bool good;
  } cases[] = {{"[192.0.2.7, 10.0.0.0/8, \"2001:db8::/32\", \"::1\"]", true},
               {"[0.0.0.0/0]", false},
               {"[10.0.0.0/33]", false},
               {"[proxy.example.org]", false},
               {"[\"10.0.0.0/8; evil\"]", false},
               {"[10.0.0.0/]", false},
               {"10.0.0.0/8", false}};
  for (const auto& each : cases) {
    const auto outcome = parse(std::string("deploy: { trusted_proxies: ") + each.list +
                               " }\nbots: [{ name: music, token: \"${A}\" }]\n");
    EXPECT_EQ(outcome.config.has_value(), each.good) << each.list << text_of(outcome);
  }
}

TEST_F(fleet_config_file, a_small_file_gets_all_defaults) {
  const auto outcome = parse("bots:\n  - name: music\n    token: ${A}\n");
  ASSERT_TRUE(outcome.config) << text_of(outcome);
  EXPECT_TRUE(outcome.problems.empty()) << text_of(outcome);
  const fleet_config& config = *outcome.config;
  EXPECT_EQ(config.port, 3001);
  EXPECT_EQ(config.node.name, "host-1");
  EXPECT_EQ(config.node.release, "0.1.0");
  EXPECT_EQ(config.discord.api_url, "https://discord.com/api");
  ASSERT_EQ(config.bots.size(), 1U);
  const bot_section& bot = config.bots[0];
  EXPECT_EQ(bot.token.reveal(), token_a);
  EXPECT_EQ(bot.features, (std::vector<std::string>{"ping", "help"}));
  EXPECT_EQ(bot.shards, std::nullopt);
  EXPECT_EQ(bot.compression, wire_compression::zstd_stream);
  EXPECT_EQ(bot.sqlite_path, (folder / "music.sqlite").string());
}

TEST_F(fleet_config_file, every_key_is_taken) {
  const std::string token_file = write("token", std::string(token_b) + "\n");
  const auto outcome = parse(
      "fleet: my-fleet\naddress: 127.0.0.1\nport: 8080\nnode: { name: n1, release: \"1.0\" }\n"
      "log: { level: debug, format: json }\ndiscord: { api_url: \"http://127.0.0.1:4000/api/\" }\n"
      "runtime: { threads: 2 }\nbots:\n  - name: music\n    token_env: A\n    app_id: "
      "\"123456789012345678\"\n"
      "    features: [probe]\n    shards: 4\n    guild_id: 223456789012345678\n    compression: none\n"
      "    presence: { status: idle, text: hello }\n  - name: game\n    token_file: " +
      token_file + "\n    shards: auto\n");
  ASSERT_TRUE(outcome.config) << text_of(outcome);
  EXPECT_TRUE(outcome.problems.empty()) << text_of(outcome);
  const fleet_config& config = *outcome.config;
  EXPECT_EQ(config.fleet, "my-fleet");
  EXPECT_EQ(config.address, "127.0.0.1");
  EXPECT_EQ(config.port, 8080);
  EXPECT_EQ(config.node.name, "n1");
  EXPECT_EQ(config.node.release, "1.0");
  EXPECT_EQ(config.log.level, base::log_level::debug);
  EXPECT_EQ(config.log.format, base::log_format::json);
  EXPECT_EQ(config.discord.api_url, "http://127.0.0.1:4000/api");
  EXPECT_EQ(config.runtime.threads, 2U);
  EXPECT_EQ(config.bots[0].app_id->value, 123456789012345678U);
  EXPECT_EQ(config.bots[0].features, std::vector<std::string>{"probe"});
  EXPECT_EQ(config.bots[0].shards, 4U);
  EXPECT_EQ(config.bots[0].guild_id->value, 223456789012345678U);
  EXPECT_EQ(config.bots[0].compression, wire_compression::none);
  EXPECT_EQ(config.bots[0].presence.status, presence_status::idle);
  EXPECT_EQ(config.bots[0].presence.text, "hello");
  EXPECT_EQ(config.bots[1].token.reveal(), token_b);
}

struct problem_case {
  std::string_view text;
  std::string_view problem;
};

TEST_F(fleet_config_file, each_problem_has_its_place_and_fix) {
  // The first line of every file is the store's, so the text here begins in line 2.
  const problem_case cases[] = {
      {"prot: 1\n", "fleet.yaml:2:1: error: unknown key \"prot\" (did you mean port?)"},
      {"colour: 1\n", "unknown key \"colour\" (known here: fleet, address, port"},
      {"port: 70000\n", "fleet.yaml:2:7: error: port must be a whole number from 0 to 65535, not \"70000\""},
      {"port: -1\n", "not \"-1\""},
      {"port: [1]\n", "port must be one value, not a list"},
      {"log: loud\n", "log must be a group of keys"},
      {"log: { level: wran }\n",
       "fleet.yaml:2:15: error: log.level must be one of trace, debug, info, warn, error, "
       "not \"wran\" (did you mean warn?)"},
      {"fleet: My Fleet\n", "fleet must be 1 to 32 of"},
      {"node: { name: \"a b\" }\n", "node.name must be 1 to 128 printable"},
      {"discord: { api_url: discord.com }\n", "discord.api_url must be an address"},
      {"discord: { api_url: \"http://proxy.example/api\" }\n", "warning: tokens would travel"},
      {"discord: { silent_after: 5 }\n", "0 (never) or a whole number of seconds from 60 to 86400"},
      {"discord: { ca_file: /nowhere/ca.pem }\n", "cannot read /nowhere/ca.pem"},
      {"runtime: { threads: 65 }\n", "runtime.threads must be a whole number from 0 to 64"},
      {"bots: []\n", "no bot is described"},
      {"bots:\n  - music\n", "fleet.yaml:3:5: error: a bot is a group of keys"},
      {"bots:\n  - token: ${A}\n", "name is missing"},
      {"bots:\n  - { name: Music, token: \"${A}\" }\n", "name must be 1 to 32 of"},
      {"bots:\n  - { name: a, tokne: x }\n",
       "fleet.yaml:3:16: error: unknown key \"tokne\" (did you mean token?)"},
      {"bots:\n  - name: a\n", "token is missing (the token is at https://discord.com/developers"},
      {"bots:\n  - name: a\n    token: ${MUSIC_TOKEN}\n",
       "fleet.yaml:4:12: error: the variable MUSIC_TOKEN is not set (put MUSIC_TOKEN=... into .env"},
      {"bots:\n  - { name: a, token_env: NO }\n", "the variable NO is not set"},
      {"bots:\n  - { name: a, token_file: /nowhere/t }\n",
       "cannot read /nowhere/t: No such file or directory"},
      {"bots:\n  - { name: a, token: \"${A}\", token_env: A }\n",
       "token, token_file and token_env exclude each other"},
      {"bots:\n  - { name: a, token: \"Bot ${A}\" }\n", "leave out \"Bot \""},
      {"bots:\n  - { name: a, token: \"${A} \" }\n", "the token holds a space or a line break"},
      {"bots:\n  - { name: a, token: short }\n", "warning: this does not look like a bot's token"},
      {"bots:\n  - { name: a, token: \"${A}\", app_id: 12 }\n", "app_id must be a Discord id"},
      {"bots:\n  - { name: a, token: \"${A}\", app_id: 999956789012345678 }\n",
       "warning: 999956789012345678 is not the application of the token, which is 123456789012345678"},
      {"bots:\n  - { name: a, token: \"${A}\", shards: 0 }\n",
       "shards must be auto or a whole number from 1"},
      {"bots:\n  - { name: a, token: \"${A}\", features: [pong] }\n",
       "fleet.yaml:3:42: error: unknown feature \"pong\" (did you mean ping?)"},
      {"bots:\n  - { name: a, token: \"${A}\", features: [ping, ping] }\n",
       "warning: the feature \"ping\" stands twice"},
      {"bots:\n  - { name: a, token: \"${A}\", presence: { status: away } }\n",
       "presence.status must be one of online"},
      {"bots:\n  - { name: a, token: \"${A}\" }\n  - { name: a, token: \"${B}\" }\n",
       "fleet.yaml:4:13: error: the name a is taken by the bot in line 3"},
      {"bots:\n  - { name: a, token: \"${A}\" }\n  - { name: b, token: \"${A}\" }\n",
       "fleet.yaml:4:13: error: b has the same token as a in line 3"},
      {"node: { release: \"${NO}1\" }\n", "warning: the variable NO is not set and counts as empty"},
      {"- a\n", "not valid YAML"},
  };
  for (const auto& each : cases) {
    const auto outcome = parse(each.text);
    EXPECT_THAT(text_of(outcome), HasSubstr(std::string(each.problem))) << each.text;
  }
}

TEST_F(fleet_config_file, problems_are_collected_not_only_the_first) {
  const auto outcome = parse("port: x\nbots:\n  - { name: A, token: \"\", shards: x, nmae: 1 }\nlgo: 1\n");
  EXPECT_FALSE(outcome.config);
  EXPECT_EQ(outcome.problems.size(), 6U) << text_of(outcome);
}

TEST_F(fleet_config_file, a_warning_does_not_take_the_configuration_away) {
  const auto outcome = parse("bots:\n  - { name: a, token: short }\n");
  EXPECT_TRUE(outcome.config);
  EXPECT_EQ(outcome.problems.size(), 1U);
}

TEST_F(fleet_config_file, a_value_that_is_empty_by_a_variable_is_a_default) {
  const auto outcome =
      parse("port: ${PORT:-}\nbots:\n  - { name: a, token: \"${A}\", guild_id: \"${GUILD:-}\" }\n");
  ASSERT_TRUE(outcome.config) << text_of(outcome);
  EXPECT_TRUE(outcome.problems.empty()) << text_of(outcome);
  EXPECT_EQ(outcome.config->port, 3001);
}

TEST_F(fleet_config_file, says_when_an_address_of_discord_is_not_used) {
  environment["DISCORD_API_URL"] = "http://127.0.0.1:4000/api";
  const std::string bots = "bots:\n  - { name: a, token: \"${A}\" }\n";
  EXPECT_EQ(
      text_of(parse(bots)),
      "fleet.yaml: warning: DISCORD_API_URL is set, but this file does not use it: the bots talk to Discord "
      "(write under discord: api_url: ${DISCORD_API_URL})\n");
  EXPECT_EQ(text_of(parse("discord: { api_url: \"${DISCORD_API_URL}\" }\n" + bots)), "");
  environment["DISCORD_API_URL"] = "";
  EXPECT_EQ(text_of(parse(bots)), "");
}

TEST_F(fleet_config_file, no_message_holds_a_token) {
  const std::string secret = "hunter2hunter2";
  environment["T"] = secret;
  const std::vector<std::string> tokens = {"Bot " + secret, secret + " x", secret, "${T}", "Bot ${T}"};
  for (const std::string& token : tokens) {
    const auto outcome = parse(
        fmt::format("port: ${{T}}\nbots:\n  - {{ name: a, token: \"{0}\" }}\n  - {{ name: b, token: \"{0}\", "
                    "token_env: T }}\n  - {{ name: c, token: \"{0}\" }}\n",
                    token));
    EXPECT_FALSE(outcome.problems.empty());
    EXPECT_THAT(text_of(outcome), Not(HasSubstr("hunter2")));
  }
}

TEST_F(fleet_config_file, a_token_in_a_wrong_place_is_not_repeated) {
  const std::string token(token_a);
  const std::string bot = "bots:\n  - { name: a, ";
  const std::vector<std::string> texts = {bot + "token_file: " + token + " }\n",
                                          bot + "token_env: " + token + " }\n",
                                          bot + "app_id: " + token + " }\n",
                                          bot + "features: [" + token + "] }\n",
                                          bot + token + ": x }\n",
                                          bot + "shards: !" + token + " 1 }\n",
                                          "port: " + token + "\n",
                                          token + ": 1\n" + token + ": 2\n"};
  for (const auto& text : texts) {
    const auto outcome = parse(text);
    EXPECT_FALSE(outcome.config) << text;
    EXPECT_THAT(text_of(outcome), Not(HasSubstr("aaaaaaaa"))) << text;
  }
}

TEST_F(fleet_config_file, a_secret_that_everybody_can_read_is_a_warning_unless_guarded) {
  const std::string open = write("token", token_a, 0644);
  const std::string text = "bots:\n  - { name: a, token_file: " + open + " }\n";
  EXPECT_THAT(text_of(parse(text)), HasSubstr("warning: everybody on this machine can read " + open));
  environment["CREDENTIALS_DIRECTORY"] = folder.string();
  EXPECT_EQ(text_of(parse(text)), "");
  environment.erase("CREDENTIALS_DIRECTORY");
  std::filesystem::create_directory(folder / "..data");  // how a Kubernetes volume looks
  EXPECT_EQ(text_of(parse(text)), "");
}

TEST_F(fleet_config_file, a_place_for_data_that_cannot_be_is_an_error) {
  const auto in = [&](const std::string& path) {
    return text_of(
        parse_fleet_config("store: { sqlite: \"" + path + "\" }\nbots:\n  - { name: a, token: \"${A}\" }\n",
                           "fleet.yaml", surroundings()));
  };
  write("plain", "x");
  EXPECT_THAT(in((folder / "no" / "such" / "{bot}.sqlite").string()),
              HasSubstr("mkdir -p " + (folder / "no/such").string()));
  EXPECT_THAT(in((folder / "plain" / "{bot}.sqlite").string()), HasSubstr("does not exist"));
  EXPECT_THAT(in(folder.string()), HasSubstr("is a folder"));
  EXPECT_EQ(in((folder / "new" / "{bot}.sqlite").string()), "");
}

TEST_F(fleet_config_file, environment_alone_describes_one_bot) {
  environment["DISCORD_TOKEN"] = token_a;
  environment["PORT"] = "4000";
  environment["FEATURES"] = "ping, about";
  environment["DISCORD_GUILD_ID"] = "223456789012345678";
  environment["LOG_FORMAT"] = "json";
  environment["SHARDS"] = "2";
  const auto outcome = from_environment();
  ASSERT_TRUE(outcome.config) << text_of(outcome);
  EXPECT_EQ(outcome.config->port, 4000);
  EXPECT_EQ(outcome.config->log.format, base::log_format::json);
  const bot_section& bot = outcome.config->bots.at(0);
  EXPECT_EQ(bot.name, "bot1");
  EXPECT_EQ(bot.shards, 2U);
  EXPECT_EQ(bot.features, (std::vector<std::string>{"ping", "about"}));
  EXPECT_EQ(bot.guild_id->value, 223456789012345678U);
}

TEST_F(fleet_config_file, environment_takes_each_value_from_a_file_too) {
  environment["DISCORD_TOKEN_FILE"] = write("token", std::string(token_a) + "\r\n");
  environment["BOT_NAME_FILE"] = write("name", "music\n");
  const auto outcome = from_environment();
  ASSERT_TRUE(outcome.config) << text_of(outcome);
  EXPECT_EQ(outcome.config->bots[0].token.reveal(), token_a);
  EXPECT_EQ(outcome.config->bots[0].name, "music");
}

TEST_F(fleet_config_file, environment_problems_name_the_variable) {
  EXPECT_THAT(text_of(config_from_environment(surroundings())), HasSubstr("DISCORD_TOKEN is not set"));
  environment["DISCORD_TOKEN_FILE"] = "/nowhere/token";
  EXPECT_EQ(text_of(from_environment()),
            "environment: error: DISCORD_TOKEN_FILE: cannot read /nowhere/token: No such file or directory "
            "(check the "
            "path, and that the secret is mounted)\n");
  environment["DISCORD_TOKEN"] = token_a;
  environment["PORT"] = "abc";
  environment["DATABASE_URL"] = "mysql://user:hunter2@db/x";
  const std::string text = text_of(from_environment());
  EXPECT_THAT(text, HasSubstr("DISCORD_TOKEN and DISCORD_TOKEN_FILE are both set"));
  EXPECT_THAT(text, HasSubstr("PORT must be a whole number from 0 to 65535, not \"abc\""));
  EXPECT_THAT(text, HasSubstr("DATABASE_URL is no such address (write it like postgresql://"));
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
}

TEST_F(fleet_config_file, the_environment_names_a_database_and_redis) {
  environment["DISCORD_TOKEN"] = token_a;
  environment["DATABASE_URL_FILE"] = write("url", "postgresql://user:hunter2@db/x\n");
  environment["REDIS_URL"] = "rediss://:hunter2@cache/1";
  environment["ENVIRONMENT"] = "test";
  const auto outcome = from_environment();
  ASSERT_TRUE(outcome.config) << text_of(outcome);
  EXPECT_EQ(outcome.config->store.database_url.reveal(), "postgresql://user:hunter2@db/x");
  EXPECT_EQ(outcome.config->store.leases, lease_place::shared);
  EXPECT_FALSE(outcome.config->store.uses_sqlite());
  EXPECT_EQ(outcome.config->redis.url.reveal(), "rediss://:hunter2@cache/1");
  EXPECT_EQ(outcome.config->redis.prefix, "guildfleet:fleet");
  EXPECT_EQ(outcome.config->environment, "test");
}

TEST_F(fleet_config_file, a_database_is_described_in_the_store) {
  const struct {
    std::string lines;
    std::string complaint;  // empty: fine
  } cases[] = {
      {"store: { database_url: postgresql://u:hunter2@db/x, leases: local, connections: 8 }", ""},
      {"store: { database_url: postgresql://db/x, listen_url: off }", ""},
      {"store: { database_url: http://u:hunter2@db/x }", "database_url is no such address"},
      {"store: { database_url: postgresql://db/x, database_url_file: /x }", "exclude each other"},
      {"store: { database_url: postgresql://db/x, connections: 0 }", "a whole number from 1 to 64"},
      {"store: { database_url: postgresql://db/x, leases: here }", "one of shared, local"},
      {"store: { leases: local }", "leases has no effect without a database"},
      {"redis: { url: postgresql://u:hunter2@db/x }", "url is no such address (write it like redis://"},
      {"redis: { url: redis://db, prefix: a b }", "without spaces"},
      {"environment: Production", "environment must be"},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.lines);
    const std::string text = text_of(
        parse_fleet_config(each.lines + "\nbots: [{ name: a, token: \"${A}\" }]\n", "f", surroundings()));
    if (each.complaint.empty())
      EXPECT_EQ(text, "");
    else
      EXPECT_THAT(text, HasSubstr(each.complaint));
    EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  }
}

TEST_F(fleet_config_file, without_a_file_name_the_environment_counts_when_there_is_no_fleet_yaml) {
  const auto missing = load_fleet_config(folder / "absent.yaml", surroundings());
  EXPECT_THAT(text_of(missing), HasSubstr("absent.yaml: error: this file cannot be read"));
  const std::string path = write("fleet.yaml", "bots:\n  - { name: a, token: \"${A}\" }\n");
  EXPECT_TRUE(load_fleet_config(path, surroundings()).config);
}

TEST(application_of_token, decodes_the_first_part) {
  EXPECT_EQ(application_of_token(base::secret(std::string(token_a)))->value, 123456789012345678U);
  EXPECT_EQ(application_of_token(base::secret("x")), std::nullopt);
  EXPECT_EQ(application_of_token(base::secret("")), std::nullopt);
  EXPECT_EQ(application_of_token(base::secret("!!!!.a.b")), std::nullopt);
}

}  // namespace
}  // namespace guildfleet::ops
