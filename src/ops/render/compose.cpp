#include "ops/render/compose.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "ops/render/compose_monitoring.hpp"
#include "ops/render/compose_servers.hpp"
#include "ops/render/nginx.hpp"
#include "ops/render/secrets_script.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {
namespace {

const std::string command = "guildfleet render compose";

void write_environment(yaml_text& out, const fleet_config& config, const deployment& all,
                       const std::string& name, node_twin which) {
  const char* variable = which == node_twin::green ? "GREEN_RELEASE" : "RELEASE";
  out.key("environment").begin_map();
  out.entry("NODE_NAME", name);
  out.entry("RELEASE", fmt::format("${{{}:-{}}}", variable, config.node.release));
  if (all.pattern == deploy_pattern::services) out.entry("ADVERTISE", fmt::format("{}:{}", name, peer_port));
  out.entry("DISCORD_API_URL", fmt::format("${{DISCORD_API_URL:-{}}}", config.discord.api_url));
  out.end_map();
}

void write_waits(yaml_text& out, const deployment& all) {
  std::vector<std::string> servers;
  if (all.has_postgres) servers.emplace_back("postgres");
  if (all.has_redis) servers.emplace_back("redis");
  write_depends(out, servers, "service_healthy");
}

// A guildfleet's health check speaks to the port of its own configuration.
void write_health(yaml_text& out) {
  out.key("healthcheck").begin_map();
  out.list("test", {"CMD", "guildfleet", "health", "--config", std::string(config_path)});
  out.entry("interval", "10s")
      .entry("timeout", "5s")
      .entry("retries", 3)
      .entry("start_period", "60s")
      .end_map();
}

void write_mounts(yaml_text& out, const fleet_config& config, const service& of) {
  std::vector<std::string> names;
  for (const needed_secret& each : of.secrets) names.push_back(each.name);
  out.list("secrets", names);
  out.key("volumes").begin_list();
  out.text(fmt::format("./config/{}.yaml:{}:ro", of.name, config_path));
  if (!config.discord.ca_file.empty()) out.text(fmt::format("./config/ca.pem:{}:ro", ca_path));
  out.text(fmt::format("{}-storage:{}", of.name, storage_folder)).end_list();
}

void write_resources(yaml_text& out, const deploy_section& deploy) {
  out.entry("mem_limit", fmt::format("{}m", deploy.memory_mib));
  out.entry("mem_reservation", fmt::format("{}m", deploy.memory_mib / 2));
  out.key("cpus").decimal(deploy.cpus);
}

// Without a gateway each bot is asked on this machine, under a port of its own.
void write_ports(yaml_text& out, const deployment& all, const service& of, node_twin which) {
  if (all.pattern == deploy_pattern::services || which == node_twin::green) return;
  out.list("ports", {fmt::format("127.0.0.1:{}:{}", health_port + of.bots.front(), health_port)});
}

void write_node_service(yaml_text& out, const fleet_config& config, const deployment& all, const service& of,
                        const std::string& name, node_twin which) {
  out.key(name).begin_map();
  if (which == node_twin::green) out.list("profiles", {"green"});
  out.entry("image",
            fmt::format("${{{}:-{}}}", which == node_twin::green ? "GREEN_IMAGE" : "GUILDFLEET_IMAGE",
                        config.deploy.image));
  out.list("command", {"run", "--config", std::string(config_path)});
  write_environment(out, config, all, name, which);
  write_mounts(out, config, of);
  write_waits(out, all);
  write_health(out);
  out.entry("user", fmt::format("{0}:{0}", container_uid)).entry("restart", "unless-stopped");
  out.entry("stop_grace_period",
            fmt::format("{}s", config.deploy.drain.count() + grace_beyond_drain.count()));
  write_hardening(out, {"/tmp"});
  write_resources(out, config.deploy);
  write_ports(out, all, of, which);
  out.list("networks", {"fleet", "outside"});
  write_logging(out);
  out.end_map();
}

void write_nodes(yaml_text& out, const fleet_config& config, const deployment& all) {
  for (const node_twin which : {node_twin::blue, node_twin::green}) {
    for (const service& each : all.services) {
      for (const std::string& name : node_names(each, which))
        write_node_service(out, config, all, each, name, which);
    }
  }
}

std::string compose_file(const fleet_config& config, const deployment& all) {
  yaml_text out;
  out.begin_map().key("services").begin_map();
  if (all.has_postgres) write_postgres(out);
  if (all.has_redis) write_redis(out);
  write_nodes(out, config, all);
  write_gateway(out, config, all);
  write_monitoring(out, config);
  out.end_map();
  out.key("networks").begin_map();
  out.key("fleet").begin_map().entry("internal", true).end_map();
  out.key("outside").empty_map().end_map();
  out.key("volumes").begin_map();
  for (const service& each : all.services) out.key(each.name + "-storage").empty_map();
  if (all.has_postgres) out.key("postgres-data").empty_map();
  if (all.pattern == deploy_pattern::services) out.key(weights_volume).empty_map();
  write_monitoring_volumes(out);
  out.end_map();
  out.key("secrets").begin_map();
  for (const needed_secret& each : all.secrets)
    out.key(each.name).begin_map().entry("file", "./secrets/" + each.name).end_map();
  return header_of(command) + out.end_map().end_map().take();
}

}  // namespace

rendering render_compose(const fleet_config& config, const deployment& of_fleet) {
  deployment all = of_fleet;
  std::ranges::move(monitoring_secrets(config), std::back_inserter(all.secrets));
  rendering out = monitoring_files(config, all);
  out.files.push_back({"docker-compose.yml", compose_file(config, all)});
  for (const service& each : all.services)
    out.files.push_back({fmt::format("config/{}.yaml", each.name), header_of(command) + each.config});
  if (!config.discord.ca_file.empty()) out.files.push_back(ca_file(config, command));
  out.files.push_back({"make-secrets", secrets_script(all, header_of(command)), true});
  out.files.push_back(
      {.path = ".gitignore", .text = header_of(command) + "/secrets/\n/.env\n", .yields = true});
  if (all.pattern == deploy_pattern::services) {
    out.files.push_back({"config/weights.yaml", header_of(command) + weights_config(config, all)});
    rendering gateway = render_nginx(config, all);
    std::ranges::move(gateway.files, std::back_inserter(out.files));
    std::ranges::move(gateway.next, std::back_inserter(out.next));
  }
  for (const char* each : {"./make-secrets", "docker compose up -d",
                           "docker compose --profile monitoring up -d, for Prometheus and Grafana too"})
    out.next.emplace_back(each);
  return out;
}

}  // namespace guildfleet::ops
