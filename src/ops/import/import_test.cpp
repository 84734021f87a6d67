// What becomes of files of other programs.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/fleet_config.hpp"
#include "ops/import/import_compose.hpp"
#include "ops/import/import_env.hpp"

namespace guildfleet::ops {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

fleet_draft from_compose(std::string_view text, std::map<std::string, std::string> env_files = {}) {
  auto draft = import_compose(
      {{{"docker-compose.yml", std::string(text)}, std::move(env_files), {}}, "My Bots", {"ping", "help"}});
  EXPECT_TRUE(draft) << (draft ? "" : draft.error().message());
  return draft ? std::move(*draft) : fleet_draft{};
}

fleet_draft from_env(std::string_view text) {
  auto draft = import_env({".env", std::string(text)});
  EXPECT_TRUE(draft) << (draft ? "" : draft.error().message());
  return draft ? std::move(*draft) : fleet_draft{};
}

std::string text_of(const fleet_draft& draft) {
  return fleet_yaml_of(draft, "docker-compose.yml");
}

auto left(std::string_view where, std::string_view what, std::string_view why) {
  return Contains(AllOf(Field(&left_over::where, where), Field(&left_over::what, what),
                        Field(&left_over::why, HasSubstr(why))));
}

// What the program itself reads of the text; every variable is set.
config_outcome read(const std::string& text) {
  config_surroundings around;
  around.variables = [](std::string_view name) -> std::optional<std::string> {
    if (name.ends_with("ID")) return "123456789012345678";
    if (name.ends_with("URL")) return "postgresql://ann@db/x";
    return "MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA." + std::string(30, 'a') + std::string(name);
  };
  around.known_features = {"ping", "help"};
  around.default_features = {"ping", "help"};
  around.runs_here = false;
  return parse_fleet_config(text, "fleet.yaml", around);
}

TEST(import_compose, makes_a_bot_of_each_service_with_a_token) {
  const fleet_draft draft = from_compose(
      "services:\n"
      "  Music Bot:\n"
      "    image: guildfleet:1.0\n"
      "    environment: { DISCORD_TOKEN: \"${MUSIC_TOKEN:?set it}\", APPLICATION_ID: 123456789012345678, "
      "SHARDS: 2 }\n"
      "  game:\n"
      "    image: guildfleet:1.0\n"
      "    environment: [\"DISCORD_TOKEN=${GAME_TOKEN}\", BOT_NAME=cards, \"FEATURES=ping, dance\", "
      "DISCORD_GUILD_ID]\n"
      "  web: { image: \"nginx:1.28\" }\n");
  EXPECT_EQ(text_of(draft).substr(0, text_of(draft).find("\n#", 2)),
            "# Written by guildfleet import from docker-compose.yml\n"
            "\n"
            "fleet: my-bots\n"
            "store:\n"
            "  sqlite: storage/{bot}.sqlite\n"
            "deploy:\n"
            "  image: guildfleet:1.0\n"
            "bots:\n"
            "  - name: music-bot\n"
            "    token: ${MUSIC_TOKEN:?set it}\n"
            "    app_id: \"123456789012345678\"\n"
            "    shards: 2\n"
            "  - name: cards\n"
            "    token: ${GAME_TOKEN}\n"
            "    guild_id: ${DISCORD_GUILD_ID}\n"
            "    features: [ping]\n");
  EXPECT_THAT(draft.left, left("game", "FEATURES", "no feature dance"));
  EXPECT_THAT(draft.left, left("web", "the whole service", "guildfleet render nginx"));
  const auto outcome = read(text_of(draft));
  ASSERT_TRUE(outcome.config) << base::to_text(outcome.problems.front());
  EXPECT_EQ(outcome.config->bots.size(), 2U);
}

struct token_case {
  std::string_view service;
  std::string_view bot;  // what stands in the draft
  std::string_view todo;
};

TEST(import_compose, refers_to_a_token_and_never_copies_it) {
  const token_case tokens[] = {
      {"environment: { DISCORD_TOKEN: hidden }", "token: ${A_TOKEN}", "move it into .env, as A_TOKEN"},
      {"environment: { DISCORD_TOKEN: \"${T:-hidden}\" }", "token: ${T}", "move it into .env, as T"},
      {"environment: { DISCORD_TOKEN: \"${T:-}\" }", "token: ${T:-}", ""},
      {"environment: { DISCORD_TOKEN: hidden$$x }", "token: ${A_TOKEN}", "move it into .env, as A_TOKEN"},
      {"environment: { DISCORD_TOKEN: \"${T:-hidden$$x}\" }", "token: ${T}", "move it into .env, as T"},
      {"environment: [DISCORD_TOKEN]", "token: ${DISCORD_TOKEN}", ""},
      {"environment: { DISCORD_TOKEN_FILE: /run/secrets/t }, secrets: [t]", "token_file: \"./secrets/t\"",
       ""},
      {"secrets: [bot_token]", "token: ${FROM}", ""},
      {"environment: { TOKEN_FILE: /x/t }, volumes: [\"./y:/x:ro\"]", "token_file: \"./y/t\"", ""},
      {"environment: { TOKEN_FILE: /x/t }, volumes: [\"y:/x\"]", "token: ${A_TOKEN}",
       "put it into .env as A_TOKEN"},
      {"command: bot --token=hidden", "token: ${A_TOKEN}",
       "written in command; move it into .env, as A_TOKEN"},
      {"command: [bot, --token, \"${T:-hidden}\"]", "token: ${T}", ""},
      {"env_file: .env", "token: ${BOT_TOKEN}", ""},
      {"env_file: [./a.env]", "token: ${A_TOKEN}", "from ./a.env into .env, as A_TOKEN"},
  };
  for (const token_case& each : tokens) {
    const std::string text =
        "services: { a: { image: \"guildfleet:1\", " + std::string(each.service) +
        " } }\nsecrets: { t: { file: ./secrets/t }, bot_token: { environment: FROM } }\n";
    const fleet_draft draft =
        from_compose(text, {{".env", "BOT_TOKEN=hidden\n"}, {"./a.env", "BOT_TOKEN=hidden\n"}});
    EXPECT_THAT(text_of(draft), AllOf(HasSubstr(each.bot), HasSubstr(each.todo), Not(HasSubstr("hidden"))))
        << each.service;
  }
}

TEST(import_compose, copies_no_password_of_an_address) {
  for (const std::string_view url :
       {"postgresql://ann:hidden@db/x", "postgresql://ann:hidden$$x@db/x", "postgresql://${U}:hidden@db/x",
        "postgresql://${U}:${P:-hidden}@db/x", "${DATABASE_URL:-postgresql://ann:hidden@db/x}"}) {
    const fleet_draft draft = from_compose(
        fmt::format("services: {{ a: {{ image: \"guildfleet:1\", environment: {{ TOKEN: \"${{A}}\", "
                    "DATABASE_URL: \"{}\" }} }} }}\n",
                    url));
    EXPECT_EQ(draft.settings.at("store.database_url"), "${DATABASE_URL}") << url;
  }
}

TEST(import_compose, copies_no_secret_from_elsewhere_either) {
  const fleet_draft draft = from_compose(
      "services:\n"
      "  a:\n"
      "    image: \"guildfleet:1\"\n"
      "    environment: { TOKEN: \"${A}\", DATABASE_URL: \"postgresql://ann:hidden@db/x\", "
      "DATABASE_LISTEN_URL: "
      "\"postgresql://ann:hidden@db/x\", FLEET_KEY: hidden, DISCORD_API_URL: \"http://ann:hidden@x/api\" }\n"
      "    sysctls: [MTIzNDU2Nzg5MDEyMzQ1Njc4.hidden.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\n");
  EXPECT_EQ(draft.settings.at("store.listen_url"), "${DATABASE_LISTEN_URL}");
  EXPECT_THAT(text_of(draft), Not(HasSubstr("hidden")));
}

TEST(import_compose, takes_files_in_mounted_folders_and_tells_how_to_copy_others) {
  const auto service = [](const std::string& name, const std::string& volume) {
    return "  " + name + ": { image: \"guildfleet:1\", environment: { TOKEN: \"${" + name +
           "}\", SQLITE_PATH: /app/storage/" + name + ".sqlite }, volumes: [\"" + volume +
           ":/app/storage\"] }\n";
  };
  EXPECT_EQ(
      from_compose("services:\n" + service("a", "./data") + service("b", "./data")).settings["store.sqlite"],
      "data/{bot}.sqlite");
  const fleet_draft draft = from_compose("services:\n" + service("a", "va") + service("b", "./data"));
  EXPECT_EQ(draft.settings.at("store.sqlite"), "storage/{bot}.sqlite");
  EXPECT_THAT(draft.left, left("a", "/app/storage/a.sqlite",
                               "docker compose cp a:/app/storage/a.sqlite storage/a.sqlite"));
}

TEST(import_compose, puts_all_bots_on_a_database_that_one_has) {
  const fleet_draft draft = from_compose(
      "services:\n"
      "  db: { image: \"postgres:16\" }\n"
      "  a: { image: \"guildfleet:1\", environment: { TOKEN: \"${A}\" }, volumes: [\"a:/app/storage\"] }\n"
      "  b: { image: \"guildfleet:1\", environment: { TOKEN: \"${B}\", DATABASE_URL: "
      "\"postgresql://ann:hidden@db/x\" } }\n");
  EXPECT_EQ(draft.settings.at("store.database_url"), "${DATABASE_URL}");
  EXPECT_FALSE(draft.settings.contains("deploy.database"));
  EXPECT_THAT(draft.left, left("a", "/app/storage/bot1.sqlite", "guildfleet db copy --bot a --from FILE"));
  EXPECT_THAT(draft.left, left("b", "DATABASE_URL", "move it into .env, as DATABASE_URL"));
  EXPECT_THAT(text_of(draft), Not(HasSubstr("hidden")));
}

TEST(import_compose, knows_nodes_limits_and_servers_elsewhere) {
  const fleet_draft draft = from_compose(
      "services:\n"
      "  a:\n"
      "    image: registry.example.org/guildfleet:2\n"
      "    environment: { TOKEN: \"${A}\", DATABASE_URL: \"postgresql://${U}@db.example.org/x\", REDIS_URL: "
      "\"redis://r:6379/0\", LOG_LEVEL: WARNING, PORT: 3005 }\n"
      "    deploy: { replicas: 3, resources: { limits: { memory: 1.5G, cpus: \"0.5\" } } }\n"
      "    stop_grace_period: 1m15s\n"
      "    sysctls: { a: 1 }\n"
      "  r: { image: \"redis:7\" }\n");
  const std::map<std::string, std::string> expected = {
      {"fleet", "my-bots"},
      {"port", "3005"},
      {"log.level", "warn"},
      {"store.database_url", "postgresql://${U}@db.example.org/x"},
      {"redis.url", "redis://r:6379/0"},
      {"deploy.image", "registry.example.org/guildfleet:2"},
      {"deploy.pattern", "services"},
      {"deploy.nodes", "3"},
      {"deploy.memory_mib", "1536"},
      {"deploy.cpus", "0.5"},
      {"deploy.drain", "60"},
      {"deploy.database", "outside"}};
  EXPECT_EQ(draft.settings, expected);
  EXPECT_THAT(draft.left, left("a", "sysctls", "nothing in fleet.yaml"));
  const auto outcome = read(text_of(draft));
  EXPECT_TRUE(outcome.config) << base::to_text(outcome.problems.front());
}

TEST(import_compose, makes_one_bot_of_one_token_and_tells_what_differs) {
  const fleet_draft draft = from_compose(
      "services:\n"
      "  a: { image: \"x:1\", environment: { TOKEN: \"${A}\", PORT: 3001, COLOUR: red } }\n"
      "  b: { image: \"x:1\", environment: { TOKEN: \"${A}\" } }\n"
      "  c: { image: \"x:1\", environment: { TOKEN: \"${C}\", PORT: 3002 }, healthcheck: {}, restart: always "
      "}\n");
  EXPECT_EQ(draft.bots.size(), 2U);
  EXPECT_THAT(draft.left, left("a", "image", "features of its own"));
  EXPECT_THAT(draft.left, left("a", "COLOUR", "no setting"));
  EXPECT_THAT(draft.left, left("b", "the whole service", "the token of a"));
  EXPECT_THAT(draft.left, left("c", "port", "3001 of a counts, not 3002"));
  EXPECT_THAT(draft.left, left("c", "healthcheck, restart", "guildfleet render"));
}

TEST(import_compose, tells_of_data_of_other_programs_and_takes_none) {
  const fleet_draft draft = from_compose(
      "services:\n"
      "  a:\n"
      "    image: \"example/bot:1\"\n"
      "    environment: { TOKEN: \"${A}\", SQLITE_PATH: /data/a.sqlite }\n"
      "    volumes: [\"./data:/data\", \"cache:/cache\"]\n");
  EXPECT_EQ(draft.settings.at("store.sqlite"), "storage/{bot}.sqlite");
  EXPECT_THAT(draft.left, left("a", "/data/a.sqlite", "data of another program"));
  EXPECT_THAT(draft.left, left("a", "/data", "data of another program, in ./data"));
  EXPECT_THAT(draft.left, left("a", "/cache", "data of another program, in cache"));
}

TEST(import_compose, names_the_service_that_has_replicas) {
  const fleet_draft draft = from_compose(
      "services:\n"
      "  a: { image: \"guildfleet:1\", environment: { TOKEN: \"${A}\" } }\n"
      "  b: { image: \"guildfleet:1\", environment: { TOKEN: \"${B}\" }, deploy: { replicas: 3 } }\n");
  EXPECT_THAT(draft.left, left("b", "replicas", "need a database"));
}

TEST(import_compose, takes_over_what_a_bot_extends) {
  const fleet_draft draft = from_compose(
      "services:\n"
      "  a: { image: \"guildfleet:1\", environment: { TOKEN: \"${A}\", SHARDS: 2 } }\n"
      "  b: { extends: { service: a }, environment: [\"TOKEN=${B}\"] }\n"
      "  c: { extends: { file: x.yml, service: y }, environment: [\"TOKEN=${C}\"] }\n");
  ASSERT_EQ(draft.bots.size(), 3U);
  EXPECT_EQ(draft.bots[1].settings,
            (std::vector<std::pair<std::string, std::string>>{{"token", "${B}"}, {"shards", "2"}}));
  EXPECT_THAT(draft.left, left("c", "extends", "docker compose config"));
}

TEST(import_compose, refuses_what_has_no_bot) {
  for (const std::string_view text : {"services: { web: { image: x } }\n", "a: [\n", "b: 1\n"})
    EXPECT_FALSE(import_compose({{{"x.yml", std::string(text)}, {}, {}}, "x", {}})) << text;
}

TEST(import_env, names_bots_by_their_variables) {
  const fleet_draft draft = from_env(
      "DISCORD_TOKEN=a\nBOT2_TOKEN=b\nMUSIC_BOT_TOKEN=c\nDISCORD_TOKEN_GAME=\n"
      "BOT2_APP_ID=123456789012345678\nDISCORD_APP_ID=123456789012345678\nMUSIC_CLIENT_ID=nonsense\nOTHER_"
      "BOT_TOKEN=a\n"
      "LOG_LEVEL=Warning\nPORT=3005\nDATABASE_URL=mysql://x/y\n");
  EXPECT_THAT(text_of(draft),
              HasSubstr("port: ${PORT}\nlog:\n  level: warn\nbots:\n"
                        "  - name: bot2\n    token: ${BOT2_TOKEN}\n    app_id: ${BOT2_APP_ID:-}\n"
                        "  - name: bot1\n    token: ${DISCORD_TOKEN}\n    app_id: ${DISCORD_APP_ID:-}\n"
                        "  - name: game\n    token: ${DISCORD_TOKEN_GAME}\n"
                        "  - name: music\n    token: ${MUSIC_BOT_TOKEN}\n"));
  EXPECT_THAT(draft.left, left(".env", "OTHER_BOT_TOKEN", "is the token that DISCORD_TOKEN is"));
  EXPECT_THAT(draft.left, left(".env", "MUSIC_CLIENT_ID", "no setting"));
  EXPECT_THAT(draft.left, left(".env", "DATABASE_URL", "store.database_url does not take"));
}

// Each variable of docs/configuration.md, "Environment alone", has its place.
TEST(import_env, takes_all_that_one_bot_reads_of_its_environment) {
  const fleet_draft draft = from_env(
      "DISCORD_TOKEN=a\nBOT_NAME=cards\nFEATURES=ping, "
      "help\nSHARDS=2\nPRIORITY=5\nSQLITE_PATH=data/x.sqlite\n"
      "DATABASE_URL_FILE=secrets/db\nLEASES=local\nENVIRONMENT=staging\nNODE_NAME=n1\nEGRESS=off\n"
      "GUILDS=123456789012345678\nSHARD_RANGE=0-1\nLOG_LEVEL_FILE=x\nOTHER=1\n");
  EXPECT_THAT(text_of(draft),
              HasSubstr("fleet: fleet\negress: ${EGRESS}\nenvironment: ${ENVIRONMENT}\nstore:\n"
                        "  database_url_file: ${DATABASE_URL_FILE}\n"
                        "  leases: ${LEASES}\n"
                        "  sqlite: ${SQLITE_PATH}\n"
                        "bots:\n"
                        "  - name: cards\n"
                        "    token: ${DISCORD_TOKEN}\n"
                        "    shards: ${SHARDS}\n"
                        "    shard_range: ${SHARD_RANGE}\n"
                        "    priority: ${PRIORITY}\n"
                        "    features: [ping, help]\n"));
  EXPECT_THAT(draft.left, left(".env", "GUILDS", "as a list"));
  EXPECT_THAT(draft.left, left(".env", "LOG_LEVEL_FILE", "log.level itself"));
  EXPECT_THAT(draft.left, left(".env", "OTHER", "no setting"));
  EXPECT_EQ(draft.left.size(), 3U);
}

TEST(import_env, does_not_guess_which_of_several_bots_a_variable_is_for) {
  const fleet_draft draft = from_env("A_BOT_TOKEN=a\nB_BOT_TOKEN=b\nBOT_NAME=cards\nSQLITE_PATH=x.sqlite\n");
  EXPECT_THAT(draft.left, left(".env", "BOT_NAME", "several bots"));
  EXPECT_EQ(draft.settings.at("store.sqlite"), "${SQLITE_PATH}");
}

TEST(import_env, refuses_a_file_without_tokens) {
  const auto draft = import_env({".env", "A=1\n"});
  ASSERT_FALSE(draft);
  EXPECT_THAT(draft.error().message(), HasSubstr("BOT1_TOKEN"));
}

}  // namespace
}  // namespace guildfleet::ops
