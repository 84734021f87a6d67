// What is rendered from a fleet, without any file being written.
#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/scratch_folder.hpp"
#include "ops/render/deployment.hpp"
#include "ops/render/render_test_kit.hpp"
#include "ops/render/targets.hpp"

namespace guildfleet::ops {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view two_bots = R"(
fleet: my_fleet
store: { database_url: "${DATABASE_URL}" }
redis: { url: "${REDIS_URL}" }
bots:
  - { name: music, token: "${MUSIC_TOKEN}", presence: { text: "costs $$5" } }
  - { name: music_2, token: "${OTHER_TOKEN}", shards: 4, identify_floor: 12.5% }
)";

TEST(render, needs_no_secret_and_writes_none) {
  const fleet_config config = fleet(two_bots);
  for (const std::string& target : render_targets()) {
    const auto all = render(target, config);
    ASSERT_TRUE(all) << all.error().message();
    for (const rendered_file& each : all->files) EXPECT_THAT(each.text, Not(HasSubstr("this-token-must-be")));
  }
}

TEST(render, says_in_every_file_where_it_comes_from) {
  for (const std::string& target : render_targets()) {
    const auto all = render(target, fleet(two_bots));
    ASSERT_TRUE(all);
    for (const rendered_file& each : all->files)
      EXPECT_FALSE(target_that_wrote(each.text).empty()) << each.path;
  }
}

TEST(render, writes_the_same_again) {
  for (const std::string& target : render_targets()) {
    const auto once = render(target, fleet(two_bots));
    const auto again = render(target, fleet(two_bots));
    ASSERT_TRUE(once && again);
    for (const rendered_file& each : once->files) EXPECT_EQ(text_of(*again, each.path), each.text);
  }
}

TEST(deployment, follows_what_the_fleet_uses) {
  EXPECT_EQ(deployment_of(fleet("bots: [{ name: a, token: \"${X}\" }]"))->pattern,
            deploy_pattern::independent);
  EXPECT_EQ(deployment_of(fleet("store: { database_url: \"${D}\" }\nbots: [{ name: a, token: \"${X}\" }]"))
                ->pattern,
            deploy_pattern::shared);
  EXPECT_EQ(deployment_of(fleet(two_bots))->pattern, deploy_pattern::services);
}

TEST(deployment, gives_a_service_to_each_bot_and_its_secrets) {
  const auto all = deployment_of(fleet(two_bots)).value();
  ASSERT_EQ(all.services.size(), 2U);
  EXPECT_EQ(all.services[1].name, "music-2");
  EXPECT_EQ(all.services[1].nodes, 2U);
  std::vector<std::string> names;
  for (const needed_secret& each : all.services[1].secrets) names.push_back(each.name);
  EXPECT_THAT(names,
              testing::UnorderedElementsAre("music_2_token", "database_url", "redis_url", "fleet_key"));
}

TEST(deployment, refuses_what_does_not_fit) {
  struct refusal {
    std::string_view text;
    std::string_view why;
  };
  for (const refusal& each :
       {refusal{"store: { database_url: \"${D}\" }\ndeploy: { pattern: independent }\n"
                "bots: [{ name: a, token: \"${X}\" }]",
                "store.database_url is given"},
        refusal{"store: { database_url: \"${D}\", leases: local }\n"
                "deploy: { pattern: services }\nbots: [{ name: a, token: \"${X}\" }]",
                "leases: shared"},
        refusal{"bots: [{ name: a_b, token: \"${X}\" }, { name: a-b, token: \"${Y}\" }]", "two bots"}}) {
    const auto all = deployment_of(fleet(each.text));
    ASSERT_FALSE(all) << each.text;
    EXPECT_THAT(all.error().message(), HasSubstr(each.why));
  }
}

// A node must understand what is rendered for it, and mean the same.
TEST(node_config, is_read_back_as_the_same_fleet) {
  const fleet_config config = fleet(two_bots);
  const auto all = deployment_of(config).value();
  const fleet_config music = fleet(all.services[0].config);
  EXPECT_EQ(music.fleet, "my_fleet");
  ASSERT_EQ(music.bots.size(), 1U);
  EXPECT_EQ(music.bots[0].presence.text, "costs $5");
  EXPECT_EQ(music.port, health_port);
  EXPECT_TRUE(music.store.names_database);
  const fleet_config other = fleet(all.services[1].config);
  EXPECT_EQ(other.bots[0].shards, 4U);
  EXPECT_DOUBLE_EQ(other.bots[0].identify_floor, 0.125);
  EXPECT_EQ(other.bots[0].features, config.bots[1].features);
}

// Written down where it differs from what is usual.
TEST(node_config, keeps_a_weight_and_where_changes_are_told) {
  const fleet_config config = fleet(R"(
node: { weight: 3 }
store: { database_url: "${POOLER}", listen_url: "${SERVER}" }
deploy: { database: outside }
bots: [{ name: music, token: "${MUSIC_TOKEN}" }]
)");
  const auto all = deployment_of(config).value();
  std::vector<std::string> names;
  for (const needed_secret& each : all.services[0].secrets) names.push_back(each.name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("music_token", "database_url", "listen_url"));
  const fleet_config read = fleet(all.services[0].config);
  EXPECT_EQ(read.node.weight, 3U);
  EXPECT_TRUE(read.store.names_listen);
}

TEST(node_config, listens_at_a_database_of_ours_itself) {
  const auto all = deployment_of(fleet(R"(
store: { database_url: "${POOLER}", listen_url: "${SERVER}" }
bots: [{ name: music, token: "${MUSIC_TOKEN}" }]
)"))
                       .value();
  EXPECT_THAT(all.services[0].config, Not(HasSubstr("listen_url")));
}

class with_authority : public testing::Test {
 protected:
  with_authority() {
    std::ofstream(path) << "-----BEGIN PRIVATE KEY-----\nnobody's\n-----END PRIVATE KEY-----\n"
                           "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n";
  }
  [[nodiscard]] fleet_config trusting() const {
    return fleet(
        fmt::format("discord: {{ ca_file: {} }}\nbots: [{{ name: music, token: \"${{X}}\" }}]", path));
  }
  base::scratch_folder folder;
  std::string path = folder / "own.pem";
};

TEST_F(with_authority, containers_are_given_its_certificate_and_nothing_else_of_the_file) {
  for (const auto& [target, file] : {std::pair("compose", "config/ca.pem"),
                                     std::pair("kubernetes", "kubernetes/base/nodes/config/ca.pem")}) {
    const rendering all = render(target, trusting()).value();
    EXPECT_THAT(text_of(all, file), AllOf(HasSubstr("abc"), Not(HasSubstr("nobody's"))));
  }
  EXPECT_THAT(text_of(render("compose", trusting()).value(), "docker-compose.yml"),
              HasSubstr("./config/ca.pem:/etc/guildfleet/ca.pem:ro"));
  EXPECT_THAT(text_of(render("kubernetes", trusting()).value(), "kubernetes/base/nodes/kustomization.yaml"),
              HasSubstr("config/ca.pem"));
  EXPECT_THAT(deployment_of(trusting())->services[0].config, HasSubstr("ca_file: /etc/guildfleet/ca.pem"));
}

TEST(compose, gives_each_node_limits_checks_and_nothing_of_the_host) {
  const std::string text = text_of(render("compose", fleet(two_bots)).value(), "docker-compose.yml");
  for (const char* line : {"read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "pids_limit: 256",
                           "stop_grace_period: \"45s\"", "mem_limit: \"256m\"", "max-size: \"10m\"",
                           "user: \"65532:65532\"", "music-1:", "music-2-2-green:", "internal: true"})
    EXPECT_THAT(text, HasSubstr(line));
  EXPECT_THAT(text, Not(HasSubstr("DISCORD_TOKEN")));
  EXPECT_THAT(text, Not(HasSubstr(":latest")));
}

TEST(compose, moves_the_weights_of_nginx_with_a_container_that_has_no_token) {
  const rendering all = render("compose", fleet(two_bots)).value();
  const std::string text = text_of(all, "docker-compose.yml");
  for (const char* part :
       {"command: [rollout, weights, ", "nginx-weights:/app/weights]", "secrets: [database_url]",
        "nginx-weights:/etc/guildfleet-weights:ro", "/etc/guildfleet/run-nginx.sh"})
    EXPECT_THAT(text, HasSubstr(part));
  const fleet_config config = fleet(text_of(all, "config/weights.yaml"));
  const auto read = deployment_of(config).value();
  ASSERT_EQ(read.services.size(), 2U);
  EXPECT_EQ(node_names(read.services[1], node_twin::green),
            (std::vector<std::string>{"music-2-1-green", "music-2-2-green"}));
  EXPECT_TRUE(config.store.names_database);
  EXPECT_EQ(config.api.port, std::nullopt);
}

TEST(compose, needs_no_weights_where_there_is_no_gateway) {
  const rendering all = render("compose", fleet("bots: [{ name: a, token: \"${X}\" }]")).value();
  EXPECT_THAT(text_of(all, "docker-compose.yml"), Not(HasSubstr("weights")));
}

}  // namespace
}  // namespace guildfleet::ops
