#include "ops/render/kubernetes_object.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {
namespace {

void write_amounts(yaml_text& out, std::string_view key, const amounts& each) {
  out.key(key).begin_map();
  out.entry("cpu", fmt::format("{}m", each.milli_cpus)).entry("memory", fmt::format("{}Mi", each.memory_mib));
  out.end_map();
}

void end_probe(yaml_text& out, const probe_timing& timing) {
  out.entry("periodSeconds", std::int64_t{timing.period.count()});
  out.entry("timeoutSeconds", std::int64_t{timing.timeout.count()});
  out.entry("failureThreshold", timing.failures).end_map();
}

}  // namespace

std::string_view name_of(component value) {
  switch (value) {
    case component::node:
      return "node";
    case component::database:
      return "database";
    case component::cache:
      return "cache";
  }
  return "unknown";
}

label_list labels_of(const fleet_config& config, const std::string& part, component what) {
  return {{std::string(name_label), part},
          {std::string(component_label), std::string(name_of(what))},
          {std::string(fleet_label), dns_label(config.fleet)}};
}

void write_labels(yaml_text& out, std::string_view key, const label_list& labels) {
  out.key(key).begin_map();
  for (const auto& [name, value] : labels) out.entry(name, value);
  out.end_map();
}

void write_selector(yaml_text& out, std::string_view key, const label_list& labels) {
  out.key(key).begin_map();
  write_labels(out, "matchLabels", labels);
  out.end_map();
}

void begin_object(yaml_text& out, const char* version, const char* kind, const std::string& name,
                  const label_list& labels) {
  out.begin_map().entry("apiVersion", version).entry("kind", kind);
  out.key("metadata").begin_map().entry("name", name);
  if (!labels.empty()) write_labels(out, "labels", labels);
  out.end_map();
}

std::string remarked(const std::vector<std::string>& remarks, const std::string& document) {
  std::string out;
  for (const std::string& each : remarks) out += fmt::format("# {}\n", each);
  return out + document;
}

std::string documents(const std::vector<std::string>& each) {
  return header_of(kubernetes_command) + fmt::format("{}", fmt::join(each, "---\n"));
}

void write_pod_security(yaml_text& out, std::uint32_t user) {
  out.entry("automountServiceAccountToken", false).entry("enableServiceLinks", false);
  out.key("securityContext").begin_map().entry("runAsNonRoot", true);
  for (const char* key : {"runAsUser", "runAsGroup", "fsGroup"}) out.entry(key, std::int64_t{user});
  out.entry("fsGroupChangePolicy", "OnRootMismatch");
  out.key("seccompProfile").begin_map().entry("type", "RuntimeDefault").end_map().end_map();
}

void write_container_security(yaml_text& out) {
  out.key("securityContext").begin_map();
  out.entry("allowPrivilegeEscalation", false).entry("readOnlyRootFilesystem", true);
  out.key("capabilities").begin_map().list("drop", {"ALL"}).end_map().end_map();
}

void write_resources(yaml_text& out, const amounts& requests, const amounts& limits) {
  out.key("resources").begin_map();
  write_amounts(out, "requests", requests);
  write_amounts(out, "limits", limits);
  out.end_map();
}

void write_http_probe(yaml_text& out, std::string_view key, std::string_view path,
                      const probe_timing& timing) {
  out.key(key).begin_map().key("httpGet").begin_map();
  out.entry("path", path).entry("port", "http").end_map();
  end_probe(out, timing);
}

void write_port_probe(yaml_text& out, std::string_view key, std::string_view port,
                      const probe_timing& timing) {
  out.key(key).begin_map().key("tcpSocket").begin_map().entry("port", port).end_map();
  end_probe(out, timing);
}

void write_command_probe(yaml_text& out, std::string_view key, const std::vector<std::string>& command,
                         const probe_timing& timing) {
  out.key(key).begin_map().key("exec").begin_map().list("command", command).end_map();
  end_probe(out, timing);
}

void write_container_port(yaml_text& out, std::string_view name, std::uint16_t port) {
  out.begin_map().entry("name", name).entry("containerPort", int{port}).end_map();
}

void write_mount(yaml_text& out, std::string_view volume, std::string_view path, bool read_only) {
  out.begin_map().entry("name", volume).entry("mountPath", path);
  if (read_only) out.entry("readOnly", true);
  out.end_map();
}

void write_scratch(yaml_text& out, std::string_view name, std::string_view limit) {
  out.begin_map().entry("name", name);
  out.key("emptyDir").begin_map().entry("sizeLimit", limit).end_map().end_map();
}

void write_secret_volume(yaml_text& out, const std::vector<needed_secret>& secrets) {
  constexpr int read_by_group = 0440;
  out.begin_map().entry("name", "secrets").key("projected").begin_map();
  out.entry("defaultMode", read_by_group).key("sources").begin_list();
  for (const needed_secret& each : secrets) {
    out.begin_map().key("secret").begin_map().entry("name", kubernetes_secret(each));
    out.key("items").begin_list();
    out.begin_map().entry("key", each.name).entry("path", each.name).end_map();
    out.end_list().end_map().end_map();
  }
  out.end_list().end_map().end_map();
}

void write_claim(yaml_text& out, const fleet_config& config, std::string_view name, std::uint32_t gib) {
  out.key("volumeClaimTemplates").begin_list().begin_map();
  out.key("metadata").begin_map().entry("name", name).end_map();
  out.key("spec").begin_map().list("accessModes", {"ReadWriteOnce"});
  const std::string& storage_class = config.deploy.kubernetes.storage_class;
  if (!storage_class.empty()) out.entry("storageClassName", storage_class);
  out.key("resources").begin_map().key("requests").begin_map();
  out.entry("storage", fmt::format("{}Gi", gib)).end_map().end_map();
  out.end_map().end_map().end_list();
}

std::string service_object(const std::string& name, const label_list& labels, bool headless,
                           const std::vector<service_port>& ports) {
  yaml_text out;
  begin_object(out, "v1", "Service", name, labels);
  out.key("spec").begin_map();
  if (headless) out.entry("clusterIP", "None");
  write_labels(out, "selector", labels);
  out.key("ports").begin_list();
  for (const service_port& each : ports) {
    out.begin_map().entry("name", each.name).entry("port", int{each.port});
    out.entry("targetPort", each.name).end_map();
  }
  out.end_list().end_map();
  return out.end_map().take();
}

std::string kubernetes_secret(const needed_secret& secret) {
  return dns_label(secret.name);
}

}  // namespace guildfleet::ops
