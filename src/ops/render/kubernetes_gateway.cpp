#include "ops/render/kubernetes_gateway.hpp"

#include <fmt/format.h>

#include "ops/render/kubernetes_object.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {
namespace {

// What the program answers to: /health, as clients ask for /music/health.
struct route {
  std::string path;
  const char* type;
  std::string_view port;
};

bool by_traefik(const fleet_config& config) {
  return config.deploy.kubernetes.ingress_class == "traefik";
}

// Metrics and the peer link are not for the world.
std::vector<route> routes_of(const fleet_config& config, const std::string& bot) {
  std::vector<route> out;
  const bool traefik = by_traefik(config);
  for (const char* page : {"health", "readyz", "livez"}) {
    if (traefik) out.push_back({fmt::format("/{}/{}", bot, page), "Exact", "http"});
  }
  if (!traefik)
    out.push_back({fmt::format("/{}/(health|readyz|livez)$", bot), "ImplementationSpecific", "http"});
  if (!config.api.port) return out;
  if (traefik)
    out.push_back({fmt::format("/{}/api/", bot), "Prefix", "api"});
  else
    out.push_back({fmt::format("/{}/(api/.*)", bot), "ImplementationSpecific", "api"});
  return out;
}

std::string strip_name(const service& of) {
  return "strip-" + of.name;
}

std::string limit_object(const fleet_config& config) {
  yaml_text out;
  begin_object(out, "traefik.io/v1alpha1", "Middleware", "limit",
               {{std::string(fleet_label), dns_label(config.fleet)}});
  out.key("spec").begin_map();
  out.key("rateLimit").begin_map().entry("average", 20).entry("burst", 40).end_map();
  return remarked({"One client's share; more is answered with 429."}, out.end_map().end_map().take());
}

std::string strip_object(const fleet_config& config, const service& of) {
  std::vector<std::string> prefixes;
  for (const std::size_t bot : of.bots) prefixes.push_back("/" + config.bots[bot].name);
  yaml_text out;
  begin_object(out, "traefik.io/v1alpha1", "Middleware", strip_name(of),
               labels_of(config, of.name, component::node));
  out.key("spec").begin_map().key("stripPrefix").begin_map().list("prefixes", prefixes);
  return out.end_map().end_map().end_map().take();
}

void write_annotations(yaml_text& out, const fleet_config& config, const service& of) {
  out.key("annotations").begin_map();
  if (by_traefik(config)) {
    const std::string& space = config.deploy.kubernetes.name_space;
    const bool tls = !config.deploy.host.empty();
    out.entry("traefik.ingress.kubernetes.io/router.entrypoints", tls ? "websecure" : "web");
    out.entry("traefik.ingress.kubernetes.io/router.middlewares",
              fmt::format("{0}-limit@kubernetescrd,{0}-{1}@kubernetescrd", space, strip_name(of)));
  } else {
    out.entry("nginx.ingress.kubernetes.io/use-regex", "true");
    out.entry("nginx.ingress.kubernetes.io/rewrite-target", "/$1");
    out.entry("nginx.ingress.kubernetes.io/limit-rps", "20");
  }
  out.end_map();
}

void write_paths(yaml_text& out, const fleet_config& config, const service& of) {
  out.key("http").begin_map().key("paths").begin_list();
  for (const std::size_t bot : of.bots) {
    for (const route& each : routes_of(config, config.bots[bot].name)) {
      out.begin_map().entry("path", each.path).entry("pathType", each.type);
      out.key("backend").begin_map().key("service").begin_map().entry("name", of.name);
      out.key("port").begin_map().entry("name", each.port).end_map().end_map().end_map().end_map();
    }
  }
  out.end_list().end_map();
}

std::string ingress_object(const fleet_config& config, const service& of) {
  const deploy_section& deploy = config.deploy;
  yaml_text out;
  out.begin_map().entry("apiVersion", "networking.k8s.io/v1").entry("kind", "Ingress");
  out.key("metadata").begin_map().entry("name", of.name);
  write_labels(out, "labels", labels_of(config, of.name, component::node));
  write_annotations(out, config, of);
  out.end_map().key("spec").begin_map().entry("ingressClassName", deploy.kubernetes.ingress_class);
  if (!deploy.host.empty()) {
    out.key("tls").begin_list().begin_map().list("hosts", {deploy.host});
    out.entry("secretName", gateway_certificate).end_map().end_list();
  }
  out.key("rules").begin_list().begin_map();
  if (!deploy.host.empty()) out.entry("host", deploy.host);
  write_paths(out, config, of);
  return out.end_map().end_list().end_map().end_map().take();
}

}  // namespace

bool has_ingress(const fleet_config& config, const deployment& all) {
  return all.pattern == deploy_pattern::services || !config.deploy.host.empty();
}

std::string ingress_objects(const fleet_config& config, const deployment& all) {
  std::vector<std::string> out;
  if (by_traefik(config)) out.push_back(limit_object(config));
  for (const service& each : all.services) {
    if (by_traefik(config)) out.push_back(strip_object(config, each));
    out.push_back(ingress_object(config, each));
  }
  return documents(out);
}

}  // namespace guildfleet::ops
