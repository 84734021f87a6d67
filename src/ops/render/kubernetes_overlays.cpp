#include "ops/render/kubernetes_overlays.hpp"

#include <fmt/format.h>

#include "ops/render/kubernetes_nodes.hpp"
#include "ops/render/kubernetes_object.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {
namespace {

void begin_kustomization(yaml_text& out, const std::vector<std::string>& resources) {
  out.begin_map().entry("apiVersion", "kustomize.config.k8s.io/v1beta1").entry("kind", "Kustomization");
  out.key("resources").begin_list();
  for (const std::string& each : resources) out.text(each);
  out.end_list();
}

std::string end_kustomization(yaml_text& out, const std::vector<std::string>& remarks = {}) {
  return documents({remarked(remarks, out.end_map().take())});
}

// Of every workload of this kind that runs nodes.
void write_patch(yaml_text& out, const char* kind, const std::string& patch) {
  out.key("patches").begin_list().begin_map();
  out.key("target").begin_map().entry("kind", kind);
  out.entry("labelSelector", fmt::format("{}={}", component_label, name_of(component::node))).end_map();
  out.key("patch").block(patch).end_map().end_list();
}

// The head of a patch; kustomize looks at the target alone.
void begin_patch(yaml_text& out, const char* kind) {
  begin_object(out, "apps/v1", kind, "every-node", {});
  out.key("spec").begin_map().entry("replicas", 1);
  out.key("template").begin_map().key("spec").begin_map();
  out.key("containers").begin_list().begin_map().entry("name", "node");
}

std::string end_patch(yaml_text& out) {
  return out.end_map().end_list().end_map().end_map().end_map().end_map().take();
}

}  // namespace

std::string dev_namespace(const fleet_config& config) {
  return config.deploy.kubernetes.name_space + "-dev";
}

std::string_view image_name(std::string_view image) {
  const std::string_view without_digest = image.substr(0, image.find('@'));
  const std::size_t slash = without_digest.rfind('/');
  const std::size_t colon = without_digest.find(':', slash == std::string_view::npos ? 0 : slash);
  return without_digest.substr(0, colon);
}

std::string nodes_kustomization(const fleet_config& config, const deployment& all) {
  std::vector<std::string> files;
  for (const service& each : all.services) files.push_back(each.name + ".yaml");
  yaml_text out;
  begin_kustomization(out, files);
  out.key("configMapGenerator").begin_list();
  for (const service& each : all.services) {
    out.begin_map().entry("name", config_map_name(each));
    std::vector<std::string> keys = {fmt::format("fleet.yaml=config/{}.yaml", each.name)};
    if (!config.discord.ca_file.empty()) keys.emplace_back("config/ca.pem");
    out.list("files", keys).end_map();
  }
  out.end_list();
  return end_kustomization(
      out,
      {"A hash of the content becomes part of each ConfigMap's name: pods are made anew when it changes."});
}

std::string base_kustomization(const fleet_config& config, const std::vector<std::string>& files) {
  yaml_text out;
  begin_kustomization(out, files);
  out.entry("namespace", config.deploy.kubernetes.name_space);
  return end_kustomization(out);
}

std::string production_kustomization(const fleet_config& config, const std::vector<std::string>& files) {
  std::vector<std::string> resources = {"../../base"};
  resources.insert(resources.end(), files.begin(), files.end());
  yaml_text out;
  begin_kustomization(out, resources);
  out.entry("namespace", config.deploy.kubernetes.name_space);
  return end_kustomization(out);
}

std::string dev_kustomization(const fleet_config& config, const deployment& all) {
  const char* kind = stores_on_volume(config, all) ? "StatefulSet" : "Deployment";
  yaml_text patch;
  begin_patch(patch, kind);
  patch.key("resources").begin_map().key("requests").begin_map();
  patch.entry("cpu", "10m").entry("memory", "32Mi").end_map().end_map();
  yaml_text out;
  begin_kustomization(out, {"../../base"});
  out.entry("namespace", dev_namespace(config));
  write_patch(out, kind, end_patch(patch));
  return end_kustomization(
      out,
      {"One pod of each bot, with little reserved. Its bots need tokens of their own: two fleets that do not",
       "share a database do not see each other, and a bot in both would do everything twice."});
}

std::string canary_kustomization(const fleet_config& config) {
  const kubernetes_section& kubernetes = config.deploy.kubernetes;
  yaml_text patch;
  begin_patch(patch, "Deployment");
  patch.key("env").begin_list().begin_map();
  patch.entry("name", "RELEASE").entry("value", kubernetes.canary).end_map().end_list();
  yaml_text out;
  begin_kustomization(out, {"../../base/nodes"});
  out.entry("namespace", kubernetes.name_space).entry("nameSuffix", "-canary");
  out.key("labels").begin_list().begin_map();
  write_labels(out, "pairs", {{std::string(track_label), "canary"}});
  out.entry("includeSelectors", true).end_map().end_list();
  out.key("images").begin_list().begin_map();
  out.entry("name", image_name(config.deploy.image)).entry("newTag", kubernetes.canary).end_map().end_list();
  write_patch(out, "Deployment", end_patch(patch));
  return end_kustomization(out, {"Beside production, with the same database: one pod of another release for "
                                 "each bot. It stands by until",
                                 "`guildfleet rollout start` moves shares of the shards to it."});
}

}  // namespace guildfleet::ops
