// What pods may reach and who reaches them, and the secrets that they hold.
#include "ops/render/kubernetes_network.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/render/kubernetes_test_kit.hpp"

namespace guildfleet::ops {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(kubernetes_network, forbids_all_traffic_and_then_allows_what_is_needed) {
  for (const std::string_view text : fleets) {
    const YAML::Node deny = object(rendered(text), "NetworkPolicy", "default-deny")["spec"];
    EXPECT_EQ(deny["podSelector"].size(), 0U) << "all pods";
    EXPECT_EQ(deny["policyTypes"].size(), 2U);
    EXPECT_FALSE(deny["ingress"]);
    EXPECT_FALSE(deny["egress"]);
  }
  EXPECT_THAT(names_of(rendered(independent), "NetworkPolicy"),
              UnorderedElementsAre("default-deny", "dns", "discord"));
  EXPECT_THAT(
      names_of(rendered(services), "NetworkPolicy"),
      UnorderedElementsAre("default-deny", "dns", "discord", "to-database", "database-from-nodes", "to-redis",
                           "redis-from-nodes", "music-peers", "music-2-peers", "gateway", "prometheus"));
}

TEST(kubernetes_network, lets_nodes_reach_a_database_that_is_elsewhere) {
  const rendering all = rendered(elsewhere);
  EXPECT_THAT(workloads_of(all), testing::SizeIs(1)) << "no servers of its own";
  const YAML::Node way = object(all, "NetworkPolicy", "to-database")["spec"]["egress"][0];
  EXPECT_EQ(way["ports"][0]["port"].as<int>(), 6432);
  EXPECT_EQ(text_at(way["to"][0]["ipBlock"], "cidr"), "0.0.0.0/0");
  EXPECT_THAT(text_of(all, "kubernetes/overlays/production/make-secrets"), HasSubstr("asked database_url"));
}

TEST(kubernetes_network, lets_nodes_reach_the_database_behind_a_pooler) {
  const rendering all = rendered(
      "store: { database_url: \"${D}\", listen_url: \"${L}\" }\n"
      "deploy: { database: outside, kubernetes: { database_port: 6432 } }\n"
      "bots: [{ name: music, token: \"${MUSIC_TOKEN}\" }]");
  const YAML::Node ports = object(all, "NetworkPolicy", "to-database")["spec"]["egress"][0]["ports"];
  ASSERT_EQ(ports.size(), 2U);
  EXPECT_EQ(ports[1]["port"].as<int>(), 5432);
  EXPECT_THAT(text_of(all, "kubernetes/overlays/production/make-secrets"), HasSubstr("asked listen_url"));
}

TEST(kubernetes_network, knows_the_port_that_discord_is_at) {
  EXPECT_EQ(port_of_url("https://discord.com/api"), 443);
  EXPECT_EQ(port_of_url("http://sim:4000/api"), 4000);
  EXPECT_EQ(port_of_url("http://[::1]:81"), 81);
  EXPECT_EQ(port_of_url("http://sim/api"), 80);
}

TEST(kubernetes_network, shows_the_world_health_and_the_api_and_no_metrics) {
  const rendering all = rendered(services);
  const YAML::Node rule = object(all, "Ingress", "music-2")["spec"]["rules"][0];
  EXPECT_EQ(text_at(rule, "host"), "bots.example.org");
  std::vector<std::string> paths;
  for (const YAML::Node each : rule["http"]["paths"]) paths.push_back(text_at(each, "path"));
  EXPECT_THAT(paths,
              UnorderedElementsAre("/music_2/health", "/music_2/readyz", "/music_2/livez", "/music_2/api/"));
  EXPECT_EQ(
      object(all, "Middleware", "strip-music-2")["spec"]["stripPrefix"]["prefixes"][0].as<std::string>(),
      "/music_2");
  EXPECT_EQ(text_at(object(all, "Ingress", "music")["spec"]["tls"][0], "secretName"), "gateway-tls");
  EXPECT_THAT(names_of(rendered(shared), "Ingress"), IsEmpty());
}

TEST(kubernetes_network, speaks_to_nginx_where_that_is_the_ingress) {
  const rendering all = rendered(
      "store: { database_url: \"${D}\" }\nredis: { url: \"${R}\" }\n"
      "bots: [{ name: music, token: \"${MUSIC_TOKEN}\" }]\ndeploy: { kubernetes: { ingress_class: nginx } }");
  const YAML::Node ingress = object(all, "Ingress", "music");
  EXPECT_EQ(text_at(ingress["metadata"]["annotations"], "nginx.ingress.kubernetes.io/rewrite-target"), "/$1");
  EXPECT_EQ(text_at(ingress["spec"]["rules"][0]["http"]["paths"][0], "path"),
            "/music/(health|readyz|livez)$");
  EXPECT_THAT(names_of(all, "Middleware"), IsEmpty());
}

TEST(kubernetes_network, tells_other_nodes_the_address_of_the_pod) {
  const YAML::Node environment =
      object(rendered(services), "Deployment", "music")["spec"]["template"]["spec"]["containers"][0]["env"];
  std::vector<std::string> names;
  for (const YAML::Node each : environment) names.push_back(text_at(each, "name"));
  const auto ip = std::ranges::find(names, "POD_IP");
  ASSERT_NE(ip, names.end());
  const auto advertise = std::ranges::find(names, "ADVERTISE");
  ASSERT_NE(advertise, names.end());
  EXPECT_LT(ip, advertise) << "only variables that stand before can be used";
  EXPECT_EQ(text_at(environment[advertise - names.begin()], "value"), "$(POD_IP):3003");
}

TEST(kubernetes_secrets, knows_secrets_by_name_only) {
  const rendering all = rendered(services);
  EXPECT_THAT(names_of(all, "Secret"), IsEmpty());
  const YAML::Node volume =
      object(all, "Deployment", "music")["spec"]["template"]["spec"]["volumes"][1]["projected"];
  std::vector<std::string> names;
  for (const YAML::Node each : volume["sources"]) names.push_back(text_at(each["secret"], "name"));
  EXPECT_THAT(names, UnorderedElementsAre("music-token", "database-url", "redis-url", "fleet-key"));
  const std::string script = text_of(all, "kubernetes/overlays/production/apply-secrets");
  for (const char* line : {"put music-token music_token\n", "put fleet-key fleet_key\n",
                           "put postgres-password postgres_password\n", "namespace=my-fleet\n"})
    EXPECT_THAT(script, HasSubstr(line));
  EXPECT_THAT(text_of(all, "kubernetes/overlays/dev/apply-secrets"), HasSubstr("namespace=my-fleet-dev\n"));
}

// What a pod mounts must be made by the script of its namespace.
TEST(kubernetes_secrets, makes_every_secret_that_a_pod_mounts) {
  for (const std::string_view text : fleets) {
    const rendering all = rendered(text);
    const std::string script = text_of(all, "kubernetes/overlays/production/apply-secrets");
    for (const YAML::Node& workload : workloads_of(all)) {
      for (const YAML::Node volume : workload["spec"]["template"]["spec"]["volumes"]) {
        if (!volume["projected"]) continue;
        for (const YAML::Node each : volume["projected"]["sources"]) {
          const YAML::Node secret = each["secret"];
          EXPECT_THAT(script, HasSubstr(fmt::format("put {} {}\n", text_at(secret, "name"),
                                                    text_at(secret["items"][0], "key"))));
        }
      }
    }
  }
}

}  // namespace
}  // namespace guildfleet::ops
