// What Kubernetes gets, decided without a cluster. tests/rendered/kubernetes/ gives it to the schemas.
#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "ops/pod_security.hpp"
#include "ops/render/alert_files.hpp"
#include "ops/render/kubernetes_monitoring.hpp"
#include "ops/render/kubernetes_nodes.hpp"
#include "ops/render/kubernetes_overlays.hpp"
#include "ops/render/kubernetes_servers.hpp"
#include "ops/render/kubernetes_test_kit.hpp"

namespace guildfleet::ops {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

bool is_dns_label(const std::string& name) {
  return !name.empty() && name.size() <= 63 && name.front() >= 'a' && name.front() <= 'z' &&
         name.back() != '-' && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

TEST(kubernetes, never_gives_two_pods_to_what_stores_in_sqlite) {
  for (const std::string_view text : {independent, local_leases}) {
    const YAML::Node music = object(rendered(text), "StatefulSet", "music");
    EXPECT_EQ(music["spec"]["replicas"].as<int>(), 1);
    EXPECT_EQ(text_at(music["spec"]["updateStrategy"], "type"), "RollingUpdate");
    const YAML::Node claim = music["spec"]["volumeClaimTemplates"][0];
    EXPECT_EQ(text_at(claim["metadata"], "name"), "storage");
    EXPECT_EQ(claim["spec"]["accessModes"][0].as<std::string>(), "ReadWriteOnce");
    EXPECT_THAT(names_of(rendered(text), "Deployment"), IsEmpty());
  }
}

TEST(kubernetes, has_no_canary_where_a_second_process_could_not_see_the_first) {
  const auto has_canary = [](std::string_view text) {
    const rendering all = rendered(text);
    return std::ranges::any_of(all.files,
                               [](const rendered_file& each) { return each.path.contains("canary"); });
  };
  EXPECT_FALSE(has_canary(independent));
  EXPECT_FALSE(has_canary(local_leases));
  EXPECT_TRUE(has_canary(shared));
  EXPECT_TRUE(has_canary(services));
}

TEST(kubernetes, starts_the_next_pod_first_where_leases_make_it_safe) {
  const YAML::Node spec = object(rendered(services), "Deployment", "music-2")["spec"];
  EXPECT_EQ(spec["replicas"].as<int>(), 3);
  EXPECT_EQ(spec["strategy"]["rollingUpdate"]["maxSurge"].as<int>(), 1);
  EXPECT_EQ(spec["strategy"]["rollingUpdate"]["maxUnavailable"].as<int>(), 0);
  EXPECT_EQ(object(rendered(shared), "Deployment", "game")["spec"]["replicas"].as<int>(), 1);
}

TEST(kubernetes, waits_for_a_big_bot_as_long_as_its_identifies_take) {
  const fleet_config config = fleet(services);
  const auto all = deployment_of(config).value();
  EXPECT_EQ(ready_budget(config, all.services[1]), std::chrono::seconds(600 + 64 * 5));
  EXPECT_EQ(ready_budget(config, all.services[0]), std::chrono::hours(1)) << "nobody knows how many";
}

TEST(kubernetes, leaves_a_pod_time_to_hand_over_before_it_is_killed) {
  for (const char* drain : {"10", "30", "600"}) {
    const fleet_config config = fleet(
        fmt::format("bots: [{{ name: a, token: \"${{MUSIC_TOKEN}}\" }}]\ndeploy: {{ drain: {} }}", drain));
    EXPECT_GT(termination_grace(config.deploy), config.deploy.drain);
  }
  const YAML::Node pod = object(rendered(services), "Deployment", "music")["spec"]["template"]["spec"];
  EXPECT_EQ(pod["terminationGracePeriodSeconds"].as<int>(), 75);
}

TEST(kubernetes, restarts_a_pod_for_its_own_faults_only) {
  const YAML::Node node =
      object(rendered(shared), "Deployment", "music")["spec"]["template"]["spec"]["containers"][0];
  EXPECT_EQ(text_at(node["livenessProbe"]["httpGet"], "path"), "/livez");
  EXPECT_EQ(text_at(node["startupProbe"]["httpGet"], "path"), "/livez");
  EXPECT_EQ(text_at(node["readinessProbe"]["httpGet"], "path"), "/readyz");
  const YAML::Node start = node["startupProbe"];
  EXPECT_GE(start["periodSeconds"].as<int>() * start["failureThreshold"].as<int>(), 600);
}

TEST(kubernetes, gives_every_container_limits_and_probes) {
  for (const std::string_view text : fleets) {
    for (const YAML::Node& workload : workloads_of(rendered(text))) {
      for (const YAML::Node each : workload["spec"]["template"]["spec"]["containers"]) {
        for (const char* probe : {"startupProbe", "livenessProbe", "readinessProbe"})
          EXPECT_TRUE(each[probe]) << text_at(workload["metadata"], "name") << " has no " << probe;
        for (const char* bound : {"requests", "limits"}) {
          EXPECT_TRUE(each["resources"][bound]["memory"]) << text_at(workload["metadata"], "name");
          EXPECT_TRUE(each["resources"][bound]["cpu"]) << text_at(workload["metadata"], "name");
        }
      }
    }
  }
}

TEST(kubernetes, makes_only_pods_that_the_restricted_level_accepts) {
  for (const std::string_view text : fleets) {
    for (const rendered_file& file : rendered(text).files) {
      if (!file.path.ends_with(".yaml")) continue;
      base::problem_list problems;
      const auto documents = base::parse_foreign_yaml(file.text, file.path, problems);
      for (const base::yaml_node& each : documents.value())
        EXPECT_THAT(pod_security_violations(each), IsEmpty());
    }
    for (const YAML::Node& each : workloads_of(rendered(text))) {
      const YAML::Node pod = each["spec"]["template"]["spec"];
      EXPECT_EQ(text_at(pod, "automountServiceAccountToken"), "false");
      EXPECT_EQ(text_at(pod["containers"][0]["securityContext"], "readOnlyRootFilesystem"), "true");
    }
  }
  const YAML::Node space = object(rendered(shared), "Namespace", "my-fleet");
  EXPECT_EQ(text_at(space["metadata"]["labels"], "pod-security.kubernetes.io/enforce"), "restricted");
}

TEST(kubernetes, names_everything_as_dns_labels) {
  for (const std::string_view text : fleets) {
    for (const YAML::Node& each : objects_of(rendered(text))) {
      const std::string name = text_at(each["metadata"], "name");
      EXPECT_TRUE(is_dns_label(name)) << text_at(each, "kind") << " " << name;
    }
  }
  EXPECT_THAT(names_of(rendered(independent), "StatefulSet"), UnorderedElementsAre("music", "bot-7up"));
}

TEST(kubernetes, names_no_object_twice) {
  for (const std::string_view text : fleets) {
    std::set<std::string> seen;
    for (const YAML::Node& each : objects_of(rendered(text))) {
      const std::string name = text_at(each, "kind") + " " + text_at(each["metadata"], "name");
      EXPECT_TRUE(seen.insert(name).second) << name;
    }
  }
}

TEST(kubernetes, lets_one_pod_of_several_be_evicted_at_a_time) {
  EXPECT_THAT(names_of(rendered(services), "PodDisruptionBudget"), UnorderedElementsAre("music", "music-2"));
  EXPECT_THAT(names_of(rendered(shared), "PodDisruptionBudget"), IsEmpty())
      << "a budget for a single pod would hold up every machine that is emptied";
}

TEST(kubernetes, gives_the_database_connections_for_two_releases) {
  const fleet_config few = fleet(shared);
  EXPECT_EQ(database_connections(few, deployment_of(few).value()), 100U);
  const fleet_config many = fleet(
      "store: { database_url: \"${D}\", connections: 16 }\nredis: { url: \"${R}\" }\n"
      "bots: [{ name: a, token: \"${MUSIC_TOKEN}\" }]\ndeploy: { nodes: 10 }");
  EXPECT_EQ(database_connections(many, deployment_of(many).value()), 10 * 17 * 2 + 20U);
}

TEST(kubernetes, asks_for_monitoring_only_when_told) {
  EXPECT_THAT(names_of(rendered(shared), "PodMonitor"), IsEmpty());
  EXPECT_THAT(names_of(rendered(services), "PodMonitor"), UnorderedElementsAre("my-fleet"));
  EXPECT_THAT(names_of(rendered(services), "PrometheusRule"), Contains("guildfleet-shards"));
}

TEST(kubernetes, hands_alert_rules_on_as_they_are) {
  for (const alert_file& each : alert_rule_files()) {
    const YAML::Node object = YAML::Load(prometheus_rule(fleet(shared), each));
    EXPECT_EQ(YAML::Dump(object["spec"]["groups"]), YAML::Dump(YAML::Load(std::string(each.text))["groups"]))
        << each.name;
  }
}

TEST(kubernetes, keeps_the_canary_apart_from_what_is_stable) {
  const rendering all = rendered(services);
  const YAML::Node kustomization = YAML::Load(text_of(all, "kubernetes/overlays/canary/kustomization.yaml"));
  EXPECT_EQ(kustomization["resources"].size(), 1U) << "workloads alone";
  EXPECT_EQ(kustomization["resources"][0].as<std::string>(), "../../base/nodes");
  EXPECT_EQ(text_at(kustomization["labels"][0]["pairs"], "track"), "canary");
  EXPECT_EQ(text_at(kustomization["labels"][0], "includeSelectors"), "true");
  const YAML::Node selector = object(all, "Deployment", "music")["spec"]["selector"]["matchLabels"];
  EXPECT_EQ(text_at(selector, "track"), "stable");
  EXPECT_FALSE(object(all, "Service", "music")["spec"]["selector"]["track"]) << "it serves both";
}

TEST(kubernetes, finds_the_name_of_an_image) {
  for (const auto& [image, name] :
       {std::pair("guildfleet:1.0", "guildfleet"),
        std::pair("registry:5000/a/guildfleet:1", "registry:5000/a/guildfleet"),
        std::pair("registry:5000/guildfleet", "registry:5000/guildfleet"),
        std::pair("guildfleet:1@sha256:abc", "guildfleet"), std::pair("guildfleet@sha256:abc", "guildfleet")})
    EXPECT_EQ(image_name(image), name);
}

TEST(kubernetes, refuses_names_that_two_things_would_have) {
  struct refusal {
    std::string_view bots;
    std::string_view why;
  };
  for (const refusal& each : {refusal{"{ name: redis, token: \"${A}\" }", "a server that runs beside it"},
                              refusal{"{ name: 7up, token: \"${A}\" }, { name: bot-7up, token: \"${B}\" }",
                                      "two bots are called bot-7up"},
                              refusal{"{ name: a, token: \"${A}\" }, { name: a-canary, token: \"${B}\" }",
                                      "what a canary of a is called"}}) {
    const auto all = render("kubernetes", fleet(fmt::format("bots: [{}]", each.bots)));
    ASSERT_FALSE(all) << each.bots;
    EXPECT_THAT(all.error().message(), HasSubstr(each.why));
  }
}

// All that has one bot's name goes by one label, when the bot is taken away.
TEST(kubernetes, marks_what_belongs_to_a_bot) {
  for (const YAML::Node& each : objects_of(rendered(services))) {
    const std::string name = text_at(each["metadata"], "name");
    if (name == "music" || name == "strip-music")
      EXPECT_EQ(text_at(each["metadata"]["labels"], "app.kubernetes.io/name"), "music")
          << text_at(each, "kind");
  }
}

TEST(kubernetes, refuses_settings_that_no_cluster_takes) {
  for (const char* setting : {"namespace: a.b", "namespace: A", "ingress_class: haproxy", "canary: -1",
                              "canary: \"1 1\"", "storage_gib: 0", "database_port: 0", "monitoring: maybe",
                              "monitoring_namespace: a_b", "pull_secret: A", "replicas: 2"}) {
    config_surroundings around;
    around.variables = [](std::string_view) { return std::nullopt; };
    around.runs_here = false;
    const auto outcome = parse_fleet_config(
        fmt::format("bots: [{{ name: a, token_env: A }}]\ndeploy: {{ kubernetes: {{ {} }} }}", setting), "x",
        around);
    ASSERT_FALSE(outcome.config) << setting;
    EXPECT_THAT(base::to_text(outcome.problems.front()), HasSubstr("deploy.kubernetes.")) << setting;
  }
}

TEST(kubernetes, says_what_to_do_next) {
  EXPECT_EQ(rendered(services).next,
            (std::vector<std::string>{
                "kubernetes/overlays/production/make-secrets", "kubernetes/overlays/production/apply-secrets",
                "kubectl create secret tls gateway-tls --namespace my-fleet --cert tls.crt --key tls.key",
                "kubectl apply --server-side -k kubernetes/overlays/production"}));
}

}  // namespace
}  // namespace guildfleet::ops
