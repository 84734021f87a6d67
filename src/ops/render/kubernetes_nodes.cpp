#include "ops/render/kubernetes_nodes.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <ranges>

#include "ops/render/compose_servers.hpp"
#include "ops/render/kubernetes_object.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {
namespace {

const std::vector<std::string> why_one_pod = {
    "SQLite holds the bot's leases and data: a second pod could see neither. So there is one, and a "
    "StatefulSet,",
    "which ends a pod before it begins the next: two never have the volume."};
const std::vector<std::string> why_several_pods = {
    "Each shard is run by the pod that holds its lease in the database, so several pods of one bot are safe. "
    "The",
    "next one starts before the last one ends, and takes over what that one hands it."};

label_list selector_of(const fleet_config& config, const service& of) {
  label_list labels = labels_of(config, of.name, component::node);
  labels.emplace_back(track_label, "stable");
  return labels;
}

void write_field(yaml_text& out, std::string_view variable, std::string_view path) {
  out.begin_map().entry("name", variable).key("valueFrom").begin_map();
  out.key("fieldRef").begin_map().entry("fieldPath", path).end_map().end_map().end_map();
}

void write_variable(yaml_text& out, std::string_view name, const std::string& value) {
  out.begin_map().entry("name", name).entry("value", value).end_map();
}

void write_environment(yaml_text& out, const fleet_config& config, const deployment& all) {
  out.key("env").begin_list();
  write_field(out, "NODE_NAME", "metadata.name");
  write_variable(out, "RELEASE", config.node.release);
  if (all.pattern == deploy_pattern::services) {
    write_field(out, "POD_IP", "status.podIP");
    write_variable(out, "ADVERTISE", fmt::format("$(POD_IP):{}", peer_port));
  }
  out.end_list();
}

void write_ports(yaml_text& out, const fleet_config& config, const deployment& all) {
  out.key("ports").begin_list();
  write_container_port(out, "http", health_port);
  if (config.api.port) write_container_port(out, "api", api_port);
  if (all.pattern == deploy_pattern::services) write_container_port(out, "peer", peer_port);
  out.end_list();
}

// /livez never looks at Discord or a database: a restart helps neither, and costs identifies. The start has
// time for migrations; that shards are not connected yet keeps a pod from being ready, and never kills it.
void write_probes(yaml_text& out) {
  using namespace std::chrono_literals;
  write_http_probe(out, "startupProbe", "/livez", {.period = 5s, .timeout = 3s, .failures = 120});
  write_http_probe(out, "livenessProbe", "/livez", {.period = 10s, .timeout = 5s, .failures = 6});
  write_http_probe(out, "readinessProbe", "/readyz", {.period = 5s, .timeout = 3s, .failures = 3});
}

void write_container(yaml_text& out, const fleet_config& config, const deployment& all) {
  const deploy_section& deploy = config.deploy;
  out.key("containers").begin_list().begin_map().entry("name", "node").entry("image", deploy.image);
  out.entry("imagePullPolicy", "IfNotPresent");
  out.list("args", {"run", "--config", std::string(config_path)});
  write_environment(out, config, all);
  write_ports(out, config, all);
  write_probes(out);
  const auto milli_cpus = static_cast<std::uint32_t>(std::lround(deploy.cpus * 1'000));
  write_resources(out, {deploy.memory_mib / 2, std::max(milli_cpus / 4, 10U)},
                  {deploy.memory_mib, milli_cpus});
  write_container_security(out);
  out.key("volumeMounts").begin_list();
  write_mount(out, "config", config_path.substr(0, config_path.rfind('/')), true);
  write_mount(out, "secrets", secrets_folder, true);
  write_mount(out, "storage", storage_folder);
  write_mount(out, "scratch", "/tmp");
  write_mount(out, "scratch", "/var/tmp");
  out.end_list().end_map().end_list();
}

void write_volumes(yaml_text& out, const fleet_config& config, const deployment& all, const service& of) {
  out.key("volumes").begin_list();
  out.begin_map().entry("name", "config").key("configMap").begin_map();
  out.entry("name", config_map_name(of)).end_map().end_map();
  write_secret_volume(out, of.secrets);
  if (!stores_on_volume(config, all)) write_scratch(out, "storage", "64Mi");
  write_scratch(out, "scratch", "64Mi");
  out.end_list();
}

// Not on one machine, where there are more; on one rather than not at all.
void write_spread(yaml_text& out, const label_list& selector) {
  out.key("topologySpreadConstraints").begin_list();
  for (const char* domain : {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}) {
    out.begin_map().entry("maxSkew", 1).entry("topologyKey", domain);
    out.entry("whenUnsatisfiable", "ScheduleAnyway");
    write_selector(out, "labelSelector", selector);
    out.end_map();
  }
  out.end_list();
}

void write_template(yaml_text& out, const fleet_config& config, const deployment& all, const service& of) {
  const deploy_section& deploy = config.deploy;
  out.key("template").begin_map().key("metadata").begin_map();
  write_labels(out, "labels", selector_of(config, of));
  out.end_map().key("spec").begin_map();
  write_pod_security(out, container_uid);
  out.entry("terminationGracePeriodSeconds", std::int64_t{termination_grace(deploy).count()});
  if (!deploy.kubernetes.pull_secret.empty()) {
    out.key("imagePullSecrets").begin_list().begin_map();
    out.entry("name", deploy.kubernetes.pull_secret).end_map().end_list();
  }
  write_spread(out, selector_of(config, of));
  write_container(out, config, all);
  write_volumes(out, config, all, of);
  out.end_map().end_map();
}

void write_stateful(yaml_text& out, const fleet_config& config, const service& of) {
  out.entry("replicas", 1).entry("serviceName", of.name).entry("revisionHistoryLimit", 5);
  out.key("updateStrategy").begin_map().entry("type", "RollingUpdate").end_map();
  out.key("persistentVolumeClaimRetentionPolicy").begin_map();
  out.entry("whenDeleted", "Retain").entry("whenScaled", "Retain").end_map();
  write_claim(out, config, "storage", config.deploy.kubernetes.storage_gib);
}

void write_stateless(yaml_text& out, const fleet_config& config, const service& of) {
  out.entry("replicas", std::int64_t{of.nodes}).entry("revisionHistoryLimit", 5);
  out.entry("progressDeadlineSeconds", std::int64_t{ready_budget(config, of).count()});
  out.key("strategy").begin_map().entry("type", "RollingUpdate").key("rollingUpdate").begin_map();
  out.entry("maxSurge", 1).entry("maxUnavailable", 0).end_map().end_map();
}

// For what has several pods only: with a single one it would forbid every eviction, or nothing. A pod that is
// not ready holds up no machine that is to be emptied.
std::string disruption_budget(const fleet_config& config, const service& of) {
  const label_list labels = labels_of(config, of.name, component::node);
  yaml_text out;
  begin_object(out, "policy/v1", "PodDisruptionBudget", of.name, labels);
  out.key("spec").begin_map().entry("maxUnavailable", 1);
  out.entry("unhealthyPodEvictionPolicy", "AlwaysAllow");
  write_selector(out, "selector", labels);
  return out.end_map().end_map().take();
}

}  // namespace

bool stores_on_volume(const fleet_config& config, const deployment& all) {
  return !all.uses_database || config.store.leases == lease_place::local;
}

std::chrono::seconds termination_grace(const deploy_section& deploy) {
  return deploy.drain + grace_beyond_drain;
}

std::chrono::seconds ready_budget(const fleet_config& config, const service& of) {
  constexpr std::chrono::seconds least{600};
  constexpr std::chrono::seconds unknown{3'600};
  constexpr std::chrono::seconds each{5};
  std::chrono::seconds sum = least;
  for (const std::size_t bot : of.bots) {
    const auto& shards = config.bots[bot].shards;
    if (!shards) return unknown;
    sum += *shards * each;
  }
  return sum;
}

std::string config_map_name(const service& of) {
  return of.name + "-config";
}

std::string node_workload(const fleet_config& config, const deployment& all, const service& of) {
  const bool on_volume = stores_on_volume(config, all);
  yaml_text out;
  begin_object(out, "apps/v1", on_volume ? "StatefulSet" : "Deployment", of.name, selector_of(config, of));
  out.key("spec").begin_map();
  if (on_volume)
    write_stateful(out, config, of);
  else
    write_stateless(out, config, of);
  write_selector(out, "selector", selector_of(config, of));
  write_template(out, config, all, of);
  return documents({remarked(on_volume ? why_one_pod : why_several_pods, out.end_map().end_map().take())});
}

std::string node_services(const fleet_config& config, const deployment& all) {
  std::vector<service_port> ports = {{"http", health_port}};
  if (config.api.port) ports.push_back({"api", api_port});
  std::vector<std::string> out;
  for (const service& each : all.services) {
    out.push_back(service_object(each.name, labels_of(config, each.name, component::node),
                                 stores_on_volume(config, all), ports));
    if (each.nodes > 1) out.push_back(disruption_budget(config, each));
  }
  return documents(out);
}

}  // namespace guildfleet::ops
