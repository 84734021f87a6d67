// What tests of the Kubernetes renderer share: fleets of every pattern, and objects of what was rendered.
#pragma once

#include <string>
#include <string_view>
#include <vector>
#include <yaml-cpp/yaml.h>

#include "ops/render/render_test_kit.hpp"
#include "ops/render/targets.hpp"

namespace guildfleet::ops {

inline constexpr std::string_view independent = R"(
fleet: my_fleet
bots:
  - { name: music, token: "${MUSIC_TOKEN}" }
  - { name: 7up, token: "${OTHER_TOKEN}" }
)";

inline constexpr std::string_view shared = R"(
fleet: my_fleet
store: { database_url: "${DATABASE_URL}" }
bots:
  - { name: music, token: "${MUSIC_TOKEN}" }
  - { name: game, token: "${OTHER_TOKEN}" }
)";

inline constexpr std::string_view services = R"(
fleet: my_fleet
api: { port: 3002 }
store: { database_url: "${DATABASE_URL}" }
redis: { url: "${REDIS_URL}" }
bots:
  - { name: music, token: "${MUSIC_TOKEN}" }
  - { name: music_2, token: "${OTHER_TOKEN}", shards: 64 }
deploy:
  host: bots.example.org
  drain: 60
  nodes: 3
  kubernetes: { monitoring: true, pull_secret: registry, storage_class: fast }
)";

inline constexpr std::string_view local_leases = R"(
store: { database_url: "${DATABASE_URL}", leases: local }
bots: [{ name: music, token: "${MUSIC_TOKEN}" }]
)";

inline constexpr std::string_view elsewhere = R"(
store: { database_url: "${DATABASE_URL}" }
redis: { url: "${REDIS_URL}" }
bots: [{ name: music, token: "${MUSIC_TOKEN}" }]
deploy: { database: outside, redis: outside, kubernetes: { database_port: 6432 } }
)";

inline const std::vector<std::string_view> fleets = {independent, shared, services, local_leases, elsewhere};

inline rendering rendered(std::string_view text) {
  return render("kubernetes", fleet(text)).value();
}

// Every object of the rendered files; what kustomize reads for itself is none.
inline std::vector<YAML::Node> objects_of(const rendering& all) {
  std::vector<YAML::Node> out;
  for (const rendered_file& each : all.files) {
    const bool is_object = each.path.ends_with(".yaml") && !each.path.contains("/config/") &&
                           !each.path.ends_with("kustomization.yaml");
    if (!is_object) continue;
    for (const YAML::Node& node : YAML::LoadAll(each.text)) out.push_back(node);
  }
  return out;
}

inline std::string text_at(const YAML::Node& node, const char* key) {
  return node[key].as<std::string>("");
}

inline YAML::Node object(const rendering& all, std::string_view kind, std::string_view name) {
  for (const YAML::Node& each : objects_of(all)) {
    if (text_at(each, "kind") == kind && text_at(each["metadata"], "name") == name) return each;
  }
  ADD_FAILURE() << "there is no " << kind << " " << name;
  return {};
}

inline std::vector<std::string> names_of(const rendering& all, std::string_view kind) {
  std::vector<std::string> out;
  for (const YAML::Node& each : objects_of(all)) {
    if (text_at(each, "kind") == kind) out.push_back(text_at(each["metadata"], "name"));
  }
  return out;
}

inline std::vector<YAML::Node> workloads_of(const rendering& all) {
  std::vector<YAML::Node> out;
  for (const YAML::Node& each : objects_of(all)) {
    const std::string kind = text_at(each, "kind");
    if (kind == "Deployment" || kind == "StatefulSet") out.push_back(each);
  }
  return out;
}

}  // namespace guildfleet::ops
