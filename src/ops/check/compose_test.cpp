#include "ops/check/compose.hpp"

#include <gmock/gmock.h>

#include "ops/check/compose_file.hpp"
#include "ops/check/rule_test_kit.hpp"
#include "ops/render/render_test_kit.hpp"
#include "ops/render/targets.hpp"

namespace guildfleet::ops {
namespace {

using testing::HasSubstr;
using testing::Not;

// Two lines above the services of an example; a service that takes "ok" over breaks no rule.
constexpr std::string_view prelude =
    "x-ok: &ok { image: \"example/bot:1.0\", mem_limit: 64m, restart: always, stop_grace_period: 40s, "
    "healthcheck: { test: [CMD, alive] }, logging: { driver: local } }\n"
    "services:\n";

finding_list check(std::string_view text, std::map<std::string, std::string> env_files = {}) {
  const std::string whole =
      text.starts_with("  ") ? std::string(prelude) + std::string(text) : std::string(text);
  return check_compose({{"docker-compose.yml", whole}, std::move(env_files), {}});
}

const rule_case cases[] = {
    {"GF201", "services: {}\na: [\n", 3, "services: {}\n"},
    {"GF201", "volumes: {}\n", 0, "services: {}\nvolumes: {}\n"},
    {"GF202", "  a: { <<: *ok, secrets: [bot_token] }\n  b: { <<: *ok, secrets: [bot_token] }\n", 4,
     "  a: { <<: *ok, secrets: [bot1_token] }\n  b: { <<: *ok, secrets: [bot2_token] }\n"},
    {"GF203", "  a: { <<: *ok, secrets: [bot_token], scale: 2 }\n", 3,
     "  a: { <<: *ok, image: \"guildfleet:1.0\", secrets: [bot_token, database_url], scale: 2 }\n"},
    {"GF203", "  a: { <<: *ok, secrets: [bot_token], deploy: { replicas: 3 } }\n", 3,
     "  a: { <<: *ok, secrets: [bot_token], deploy: { replicas: 1 } }\n"},
    {"GF204", "  r: { <<: *ok, image: \"redis:7.4\", ports: [\"6379:6379\"] }\n", 3,
     "  r: { <<: *ok, image: \"redis:7.4\", ports: [\"127.0.0.1:6379:6379\", \"[::1]:6379:6379\"] }\n"},
    {"GF204", "  r: { <<: *ok, ports: [{ target: 5432, published: 5432 }] }\n", 3,
     "  r: { <<: *ok, ports: [{ target: 5432, published: 5432, host_ip: 127.0.0.1 }] }\n"},
    {"GF205", "  a: { <<: *ok, environment: { POSTGRES_PASSWORD: postgres } }\n", 3,
     "  a: { <<: *ok, environment: { POSTGRES_PASSWORD_FILE: /run/secrets/p } }\n"},
    {"GF205", "  a: { <<: *ok, environment: [\"DATABASE_URL=postgresql://ann:ann@db/x\"] }\n", 3,
     "  a: { <<: *ok, environment: [\"DATABASE_URL=postgresql://ann@db/x\"] }\n"},
    {"GF205", "  a: { <<: *ok, environment: [\"A_PASSWORD=${A_PASSWORD:-admin}\"] }\n", 3,
     "  a: { <<: *ok, environment: [\"A_USER=${A_USER:-admin}\"] }\n"},
    {"GF205", "  g: { <<: *ok, image: \"grafana/grafana:11.1.0\" }\n", 3,
     "  g: { <<: *ok, image: \"grafana/grafana:11.1.0\", environment: { GF_SECURITY_ADMIN_PASSWORD__FILE: "
     "/run/secrets/g } }\n"},
    {"GF205", "  r: { <<: *ok, image: \"redis:7.4\", command: redis-server --requirepass foobared }\n", 3,
     "  r: { <<: *ok, image: \"redis:7.4\", command: redis-server /etc/redis.conf }\n"},
    {"GF206", "  a: { <<: *ok, environment: { API_KEY: k9f8s7d6f5 } }\n", 3,
     "  a: { <<: *ok, environment: { API_KEY_FILE: /run/secrets/key } }\n"},
    {"GF206", "  a: { <<: *ok, environment: { U: \"postgresql://ann:k9f8s7@db/x\" } }\n", 3,
     "  a: { <<: *ok, environment: { U: \"https://example.org/\" } }\n"},
    {"GF206", "  a: { <<: *ok, command: node index.js --token=k9f8s7d6f5 }\n", 3,
     "  a: { <<: *ok, command: node index.js --token-file=/run/secrets/t --token /run/secrets/u }\n"},
    {"GF206", "  a: { <<: *ok, command: [node, index.js, --token, k9f8s7d6f5] }\n", 3,
     "  a: { <<: *ok, command: [node, index.js, --token, \"${T}\"] }\n"},
    {"GF206",
     "  a: { <<: *ok, entrypoint: [sh, -c, \"bot "
     "MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"] "
     "}\n",
     3, "  a: { <<: *ok, command: [sh, -c, \"bot --token $$TOKEN\"] }\n"},
    {"GF206", "  a: { <<: *ok, build: { context: ., args: { NPM_TOKEN: k9f8s7d6f5 } } }\n", 3,
     "  a: { <<: *ok, build: { context: ., args: [\"NPM_TOKEN=${NPM_TOKEN}\", NODE_VERSION=22] } }\n"},
    {"GF206",
     "  a: { <<: *ok, labels: [\"x=MTIzNDU2Nzg5MDEyMzQ1Njc4.AAAAAA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"] }\n", 3,
     "  a: { <<: *ok, labels: { secret-rotation: 30d } }\n"},
    {"GF202",
     "  a: { <<: *ok, command: \"bot --token ${T}\" }\n  b: { <<: *ok, command: [bot, \"--token=${T}\"] }\n",
     4,
     "  a: { <<: *ok, command: \"bot --token ${T}\" }\n  b: { <<: *ok, command: [bot, \"--token=${U}\"] }\n"},
    {"GF206", "  a: { <<: *ok, build: { context: ., args: { NPM_TOKEN: k9f$$8s7d6f5 } } }\n", 3,
     "  a: { <<: *ok, build: { context: ., args: { NPM_TOKEN: \"${A}k9f8s7d6f5\" } } }\n"},
    {"GF206", "  a: { <<: *ok, environment: { API_KEY: k9f$$8s7d6f5 } }\n", 3,
     "  r: { <<: *ok, image: \"redis:7.4\", command: redis-server --requirepass $$PASSWORD }\n"},
    {"GF206", "  a: { <<: *ok, environment: { U: \"postgresql://ann:k9f$$8s7@db/x\" } }\n", 3,
     "  a: { <<: *ok, environment: { U: \"postgresql://ann:${P}@db/x\" } }\n"},
    {"GF207", "  a: { <<: *ok, environment: [\"API_KEY=${API_KEY}\"] }\n", 3,
     "  a: { <<: *ok, environment: [\"API_URL=${API_URL}\"] }\n"},
    {"GF207", "  a: { <<: *ok, environment: [API_KEY] }\n", 3, "  a: { <<: *ok, environment: [HOME] }\n"},
    {"GF208", "  a: { <<: *ok, image: example/bot }\n", 3, "  a: { <<: *ok, image: \"example/bot:1\" }\n"},
    {"GF208", "  a: { <<: *ok, image: \"${R:-localhost:5000}/bot:latest\" }\n", 3,
     "  a: { <<: *ok, image: \"${IMAGE}\" }\n"},
    {"GF209", "  a: { <<: *ok, mem_limit: null, image: \"x:1\" }\n", 3,
     "  a: { <<: *ok, deploy: { resources: { limits: { memory: 64M } } } }\n"},
    {"GF210", "  a: { <<: *ok, healthcheck: { disable: true } }\n", 3,
     "  a: { <<: *ok, healthcheck: { test: [CMD, ok] } }\n"},
    {"GF211",
     "  a: { image: \"x:1\", mem_limit: 1g, healthcheck: { test: ok }, logging: { driver: local } }\n", 3,
     "  a: { <<: *ok, restart: \"no\" }\n"},
    {"GF212", "  a: { <<: *ok, logging: { driver: json-file } }\n", 3,
     "  a: { <<: *ok, logging: { options: { max-size: 10m } } }\n"},
    {"GF213",
     "  r: { <<: *ok, image: \"redis:7.4\", healthcheck: { test: \"curl -f http://x || exit 1\" } }\n", 3,
     "  r: { <<: *ok, image: \"nginx:1.28-alpine\", healthcheck: { test: [CMD, curl, x] } }\n"},
    {"GF213", "  n: { <<: *ok, image: \"node:22-slim\", healthcheck: { test: [CMD, wget, x] } }\n", 3,
     "  n: { <<: *ok, image: \"node:22-alpine\", healthcheck: { test: [CMD, wget, x] } }\n"},
    {"GF213",
     "  r: { <<: *ok, image: \"mariadb:11.4\", volumes: [\"v:/var/lib/mysql\"], healthcheck: { test: [CMD, "
     "curl, x] } }\n",
     3,
     "  r: { <<: *ok, image: \"mysql:8.4\", volumes: [\"v:/var/lib/mysql\"], healthcheck: { test: [CMD, "
     "curl, x] } }\n"
     "  s: { <<: *ok, image: \"example/tool:1-slim\", healthcheck: { test: [CMD, wget, x] } }\n"},
    {"GF214", "  r: { <<: *ok, image: \"redis:7.4\" }\n  a: { <<: *ok, depends_on: [r] }\n", 4,
     "  r: { <<: *ok, image: \"redis:7.4\" }\n  a: { <<: *ok, depends_on: { r: { condition: service_healthy "
     "} } }\n"},
    {"GF215", "  a: { <<: *ok, secrets: [bot_token], stop_grace_period: 5s }\n", 3,
     "  a: { <<: *ok, secrets: [bot_token], stop_grace_period: 1m30s }\n"},
    {"GF216",
     "  a: { <<: *ok, secrets: [bot1_token], environment: { SQLITE_PATH: /d/x.sqlite }, volumes: [\"v:/d\"] "
     "}\n"
     "  b: { <<: *ok, secrets: [bot2_token], environment: { SQLITE_PATH: /e/x.sqlite }, volumes: [\"v:/e\"] "
     "}\n",
     4,
     "  a: { <<: *ok, secrets: [bot1_token], environment: { SQLITE_PATH: /d/a.sqlite }, volumes: [\"v:/d\"] "
     "}\n"
     "  b: { <<: *ok, secrets: [bot2_token], environment: { SQLITE_PATH: /d/b.sqlite }, volumes: [\"v:/d\"] "
     "}\n"},
    {"GF217",
     "  a: { <<: *ok, secrets: [bot_token], environment: { DB: /d/x.db }, volumes: [\"/mnt/nfs/bots:/d\"] "
     "}\n",
     3,
     "  a: { <<: *ok, secrets: [bot_token], environment: { DB: /d/x.db }, volumes: [\"/srv/bots:/d\"] }\n"},
    {"GF217",
     "  a: { <<: *ok, secrets: [bot_token], environment: { DB: /d/x.db }, volumes: [\"v:/d\"] }\n"
     "volumes: { v: { driver_opts: { type: cifs, device: //nas/bots } } }\n",
     3,
     "  a: { <<: *ok, secrets: [bot_token], environment: { DB: /d/x.db }, volumes: [\"v:/d\"] }\n"
     "volumes: { v: { driver_opts: { type: none, device: /srv/bots, o: bind } } }\n"},
    {"GF218", "  a: { <<: *ok, privileged: true }\n", 3, "  a: { <<: *ok, cap_add: [NET_BIND_SERVICE] }\n"},
    {"GF218", "  a: { <<: *ok, cap_add: [SYS_ADMIN] }\n", 3, "  a: { <<: *ok, cap_drop: [ALL] }\n"},
    {"GF219", "  a: { <<: *ok, volumes: [\"/var/run/docker.sock:/var/run/docker.sock:ro\"] }\n", 3,
     "  a: { <<: *ok, volumes: [\"run:/var/run\"] }\n"},
    {"GF220", "  a: { <<: *ok, network_mode: host }\n", 3, "  a: { <<: *ok, network_mode: bridge }\n"},
    {"GF221", "  a: { <<: *ok, user: \"0:0\" }\n", 3, "  a: { <<: *ok, user: \"65532:65532\" }\n"},
    {"GF222", "  a: { <<: *ok, secrets: [bot_token], deploy: { update_config: { order: start-first } } }\n",
     3, "  a: { <<: *ok, secrets: [bot_token], deploy: { update_config: { order: stop-first } } }\n"},
    {"GF223", "  a: { <<: *ok, secrets: [bot_token], ports: [\"${P:-3001}:3001\"] }\n", 3,
     "  a: { <<: *ok, ports: [\"80:8080\"] }\n  b: { <<: *ok, secrets: [bot_token], ports: "
     "[\"127.0.0.1:3001:3001\"] }\n"},
    {"GF224", "  p: { <<: *ok, image: \"prom/prometheus:v3.1.0\", ports: [\"9090:9090\"] }\n", 3,
     "  p: { <<: *ok, image: \"prom/prometheus:v3.1.0\", ports: [\"127.0.0.1:9090:9090\"] }\n"},
    {"GF225", "  a: { <<: *ok, ports: [\"80:80\"] }\n  b: { <<: *ok, ports: [\"127.0.0.1:75-85:75-85\"] }\n",
     4, "  a: { <<: *ok, ports: [\"80:80\", \"80:80/udp\"] }\n  b: { <<: *ok, ports: [\"81:80\"] }\n"},
    {"GF226", "version: \"3.8\"\nservices: {}\n", 1, "name: x\nservices: {}\n"},
    {"GF227", "  a: { <<: *ok, environment: { NODE_TLS_REJECT_UNAUTHORIZED: 0 } }\n", 3,
     "  a: { <<: *ok, environment: { NODE_TLS_REJECT_UNAUTHORIZED: 1 } }\n"},
    {"GF228",
     "  a: { <<: *ok, secrets: [bot1_token], environment: { BOT_NAME: x } }\n"
     "  b: { <<: *ok, secrets: [bot2_token], environment: { BOT_NAME: x } }\n",
     4,
     "  a: { <<: *ok, secrets: [bot1_token], environment: { BOT_NAME: x } }\n"
     "  b: { <<: *ok, secrets: [bot2_token], environment: { BOT_NAME: y } }\n"},
    {"GF229", "  a: { <<: *ok, secrets: [bot_token], environment: { SQLITE_PATH: /d/x.sqlite } }\n", 3,
     "  a: { <<: *ok, secrets: [bot_token], environment: { SQLITE_PATH: /d/x.sqlite }, volumes: [\"v:/d\"] "
     "}\n"},
    {"GF229", "  p: { <<: *ok, image: \"postgres:16\" }\n", 3,
     "  p: { <<: *ok, image: \"postgres:16\", volumes: [\"v:/var/lib/postgresql/data\"] }\n"},
};

TEST(compose_rules, hold_by_example) {
  expect_by_example(compose_rules(), cases, [](std::string_view text) { return check(text); });
}

struct reading {
  std::string_view text;
  std::string_view found;
};

TEST(compose_rules, see_one_token_however_it_is_given) {
  const reading readings[] = {
      // The same variable, in a map and in a list.
      {"  a: { <<: *ok, environment: { DISCORD_TOKEN: \"${T}\" } }\n  b: { <<: *ok, environment: "
       "[\"BOT_TOKEN=${T:-}\"] }\n",
       "GF207@3 GF202@4"},
      // Passed through by name.
      {"  a: { <<: *ok, environment: [BOT_TOKEN] }\n  b: { <<: *ok, environment: { BOT_TOKEN: } }\n",
       "GF207@3 GF202@4 GF207@4"},
      // The same text.
      {"  a: { <<: *ok, environment: { TOKEN: abc } }\n  b: { <<: *ok, environment: { TOKEN: abc } }\n",
       "GF206@3 GF202@4 GF206@4"},
      // The same secret under two paths, and the same file of this machine.
      {"  a: { <<: *ok, secrets: [s], environment: { TOKEN_FILE: /run/secrets/s } }\n  b: { <<: *ok, "
       "secrets: [{ "
       "source: s, target: t }], environment: { TOKEN_FILE: /run/secrets/t } }\n",
       "GF202@4"},
      {"  a: { <<: *ok, volumes: [\"./t:/x/t\"], environment: { TOKEN_FILE: /x/t } }\n  b: { <<: *ok, "
       "volumes: "
       "[\"./t:/y\"], environment: { TOKEN_FILE: /y } }\n",
       "GF202@4"},
      // What runs once, such as to register commands, may have it too.
      {"  a: { <<: *ok, secrets: [bot_token] }\n  b: { <<: *ok, secrets: [bot_token], restart: \"no\" }\n",
       ""},
      // Nodes of guildfleet share shards by leases in a database, but not in files apart.
      {"  a: { <<: *ok, image: \"guildfleet:1\", secrets: [bot_token, database_url] }\n  b: { <<: *ok, "
       "image: "
       "\"guildfleet:1\", secrets: [bot_token, database_url] }\n",
       ""},
      {"  a: { <<: *ok, image: \"guildfleet:1\", secrets: [bot_token], volumes: [\"a:/app/storage\"] }\n  b: "
       "{ <<: "
       "*ok, image: \"guildfleet:1\", secrets: [bot_token], volumes: [\"b:/app/storage\"] }\n",
       "GF202@4"},
      // Another service's token is none of a bot.
      {"  a: { <<: *ok, environment: [\"GITHUB_TOKEN_FILE=/g\"] }\n  b: { <<: *ok, environment: "
       "[\"GITHUB_TOKEN_FILE=/g\"] }\n",
       ""},
  };
  for (const reading& each : readings) EXPECT_EQ(brief(check(each.text)), each.found) << each.text;
}

TEST(compose_rules, read_the_files_of_env_file) {
  const std::string_view two =
      "  a: { <<: *ok, env_file: bots.env }\n  b: { <<: *ok, env_file: [{ path: bots.env }] }\n";
  EXPECT_EQ(brief(check(two)), "");
  EXPECT_EQ(brief(check(two, {{"bots.env", "DISCORD_TOKEN=abc\n"}})), "GF202@4");
  // Which of several a service reads is not known.
  EXPECT_EQ(brief(check(two, {{"bots.env", "BOT1_TOKEN=abc\nBOT2_TOKEN=def\n"}})), "");
  EXPECT_EQ(env_files_of({"x", std::string(prelude) + std::string(two)}),
            std::vector<std::string>{"bots.env"});
}

TEST(compose_rules, allow_pieces_that_another_file_completes) {
  EXPECT_EQ(brief(check("  a: { environment: { X: 1 } }\n")), "");
}

TEST(compose_rules, see_ports_that_collide_in_the_machines_own_network) {
  const std::string_view two =
      "  a: { <<: *ok, network_mode: host, environment: { PORT: 3001 } }\n"
      "  b: { <<: *ok, network_mode: host, environment: [\"PORT=${P:-3001}\"] }\n";
  EXPECT_EQ(brief(check(two)), "GF220@3 GF220@4 GF225@4");
}

TEST(compose_rules, refuse_a_file_that_is_no_mans_work) {
  std::string many = "services:\n";
  for (int i = 0; i < 1'001; ++i) many += fmt::format("  s{}: {{}}\n", i);
  EXPECT_EQ(brief(check(many)), "GF201@0");
}

TEST(compose_rules, never_show_a_secret) {
  const auto found = check(
      "  a: { image: x, environment: { DISCORD_TOKEN: hidden-1, DATABASE_URL: "
      "\"postgresql://ann:hidden-2@db/x\", "
      "A_PASSWORD: hidden-3 } }\n  b: { image: x, environment: { DISCORD_TOKEN: hidden-1 } }\n"
      "  c: { image: x, command: redis-server --requirepass hidden-4 }\n");
  EXPECT_GE(found.size(), 6U);
  for (const finding& each : found) EXPECT_THAT(each.detail, Not(HasSubstr("hidden"))) << each.rule->id;
}

TEST(compose_rules, have_nothing_against_what_is_rendered) {
  const std::string_view fleets[] = {
      "bots: [{ name: music, token: \"${MUSIC_TOKEN}\" }, { name: game, token: \"${GAME_TOKEN}\" }]\n",
      "store: { database_url: \"${U}\" }\nbots: [{ name: music, token: \"${MUSIC_TOKEN}\" }]\n",
      "store: { database_url: \"${U}\" }\nredis: { url: \"${R}\" }\ndeploy: { nodes: 3, host: example.org }\n"
      "bots: [{ name: music, token: \"${MUSIC_TOKEN}\" }]\n"};
  for (const std::string_view text : fleets) {
    const auto rendered = render("compose", fleet(text));
    ASSERT_TRUE(rendered);
    EXPECT_EQ(brief(check(text_of(*rendered, "docker-compose.yml"))), "") << text;
  }
}

TEST(compose_check, takes_over_what_extended_services_say) {
  const std::string_view text =
      "x-ok: &ok { image: \"example/bot:1.0\", mem_limit: 64m, restart: always, stop_grace_period: 40s, "
      "healthcheck: { test: [CMD, alive] }, logging: { driver: local } }\n"
      "services:\n"
      "  base: { <<: *ok, environment: { A: 1 }, volumes: [\"a:/a\"] }\n"
      "  one: { extends: { service: base }, environment: [\"DISCORD_TOKEN=${T}\"] }\n"
      "  two: { extends: one, environment: { A: 2 }, volumes: [\"b:/b\"] }\n";
  base::problem_list problems;
  const auto file = read_compose({"x.yml", std::string(text)}, {}, problems);
  ASSERT_TRUE(file);
  const compose_service& two = file->services[2];
  EXPECT_EQ(two.image, "example/bot:1.0");
  EXPECT_EQ(two.value_of("A"), "2");
  EXPECT_EQ(two.mounts.size(), 2U);
  EXPECT_EQ(brief(check(text)), "GF202@4 GF207@4 GF207@4");
}

TEST(compose_check, refuses_extends_that_lead_nowhere) {
  const std::pair<std::string_view, std::string_view> cases_of[] = {
      {"services: { a: { extends: a } }\n", "leads back to itself"},
      {"services: { a: { extends: b }, b: { extends: { service: a } } }\n", "leads back to itself"},
      {"services: { a: { extends: b } }\n", "no service of this file"},
      {"services:\n", "services: is empty"},
  };
  for (const auto& [text, words] : cases_of) {
    const finding_list found = check(text);
    ASSERT_EQ(found.size(), 1U) << text;
    EXPECT_EQ(found[0].rule->id, "GF201");
    EXPECT_THAT(found[0].detail, HasSubstr(words));
  }
}

TEST(compose_check, tells_of_an_extended_file_that_is_not_there) {
  const std::string text = "services: { a: { extends: { file: common.yml, service: x }, image: \"x:1\" } }\n";
  const auto named = extended_files_of({"x.yml", text});
  ASSERT_EQ(named.size(), 1U);
  const finding_list found = check_compose({{"x.yml", text}, {}, named});
  ASSERT_FALSE(found.empty());
  EXPECT_TRUE(std::ranges::any_of(found, [](const finding& each) {
    return each.rule->id == "GF201" && each.detail == "extends: the file common.yml is not there";
  }));
}

}  // namespace
}  // namespace guildfleet::ops
