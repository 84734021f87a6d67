#include "ops/render/kubernetes.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "ops/render/kubernetes_gateway.hpp"
#include "ops/render/kubernetes_monitoring.hpp"
#include "ops/render/kubernetes_network.hpp"
#include "ops/render/kubernetes_nodes.hpp"
#include "ops/render/kubernetes_object.hpp"
#include "ops/render/kubernetes_overlays.hpp"
#include "ops/render/kubernetes_secrets.hpp"
#include "ops/render/kubernetes_servers.hpp"

namespace guildfleet::ops {
namespace {

using files = std::vector<rendered_file>;

const std::string base_folder = "kubernetes/base/";
const std::string overlays_folder = "kubernetes/overlays/";

std::vector<std::string> paths_of(const files& each) {
  std::vector<std::string> out;
  for (const rendered_file& file : each) out.push_back(file.path);
  return out;
}

void add_below(files& to, const std::string& folder, files from) {
  for (rendered_file& each : from) {
    each.path = folder + each.path;
    to.push_back(std::move(each));
  }
}

std::string namespace_object(const fleet_config& config) {
  label_list labels = {{std::string(fleet_label), dns_label(config.fleet)}};
  for (const char* mode : {"enforce", "audit", "warn"}) {
    labels.emplace_back(fmt::format("pod-security.kubernetes.io/{}", mode), "restricted");
    labels.emplace_back(fmt::format("pod-security.kubernetes.io/{}-version", mode), "latest");
  }
  yaml_text out;
  begin_object(out, "v1", "Namespace", config.deploy.kubernetes.name_space, labels);
  return documents({out.end_map().take()});
}

files node_files(const fleet_config& config, const deployment& all) {
  files out = {{"kustomization.yaml", nodes_kustomization(config, all)}};
  for (const service& each : all.services) {
    out.push_back({each.name + ".yaml", node_workload(config, all, each)});
    out.push_back({fmt::format("config/{}.yaml", each.name), header_of(kubernetes_command) + each.config});
  }
  if (!config.discord.ca_file.empty()) out.push_back(ca_file(config, kubernetes_command));
  return out;
}

files base_files(const fleet_config& config, const deployment& all) {
  files out = {{"namespace.yaml", namespace_object(config)},
               {"network-policies.yaml", network_policies(config, all)},
               {"services.yaml", node_services(config, all)}};
  if (all.has_postgres) out.push_back({"postgres.yaml", postgres_objects(config, all)});
  if (all.has_redis) out.push_back({"redis.yaml", redis_objects(config, all)});
  std::vector<std::string> resources = paths_of(out);
  resources.emplace_back("nodes");
  out.push_back({"kustomization.yaml", base_kustomization(config, resources)});
  add_below(out, "nodes/", node_files(config, all));
  return out;
}

// What makes the secrets of a namespace, each with files of its own.
files secret_files(const deployment& all, const std::string& name_space) {
  const std::string header = header_of(kubernetes_command);
  return {{"make-secrets", make_secrets_script(all, header), true},
          {"apply-secrets", apply_secrets_script(all, name_space, header), true},
          {".gitignore", header + "secrets/\n"}};
}

// What the world sees, and who watches, is there once: in production.
files production_files(const fleet_config& config, const deployment& all) {
  files out;
  if (has_ingress(config, all)) out.push_back({"ingress.yaml", ingress_objects(config, all)});
  if (config.deploy.kubernetes.monitoring) add_below(out, "", monitoring_files(config));
  out.push_back({"kustomization.yaml", production_kustomization(config, paths_of(out))});
  add_below(out, "", secret_files(all, config.deploy.kubernetes.name_space));
  return out;
}

files dev_files(const fleet_config& config, const deployment& all) {
  files out = {{"kustomization.yaml", dev_kustomization(config, all)}};
  add_below(out, "", secret_files(all, dev_namespace(config)));
  return out;
}

std::vector<std::string> next_steps(const fleet_config& config, const deployment& all) {
  const std::string production = overlays_folder + "production";
  std::vector<std::string> out = {production + "/make-secrets", production + "/apply-secrets"};
  if (has_ingress(config, all) && !config.deploy.host.empty())
    out.push_back(fmt::format("kubectl create secret tls {} --namespace {} --cert tls.crt --key tls.key",
                              gateway_certificate, config.deploy.kubernetes.name_space));
  out.push_back("kubectl apply --server-side -k " + production);
  return out;
}

}  // namespace

rendering render_kubernetes(const fleet_config& config, const deployment& all) {
  rendering out;
  add_below(out.files, base_folder, base_files(config, all));
  add_below(out.files, overlays_folder + "production/", production_files(config, all));
  add_below(out.files, overlays_folder + "dev/", dev_files(config, all));
  if (!stores_on_volume(config, all))
    out.files.push_back({overlays_folder + "canary/kustomization.yaml", canary_kustomization(config)});
  out.next = next_steps(config, all);
  return out;
}

}  // namespace guildfleet::ops
