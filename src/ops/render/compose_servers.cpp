#include "ops/render/compose_servers.hpp"

#include <fmt/format.h>

namespace guildfleet::ops {
namespace {

void write_check(yaml_text& out, const std::vector<std::string>& test) {
  out.key("healthcheck").begin_map();
  out.list("test", test);
  out.entry("interval", "5s").entry("timeout", "5s").entry("retries", 10).end_map();
}

void write_limits(yaml_text& out, int memory_mib, double cpus) {
  out.entry("mem_limit", fmt::format("{}m", memory_mib))
      .entry("mem_reservation", fmt::format("{}m", memory_mib / 4));
  out.key("cpus").decimal(cpus);
}

// The end of every server of ours.
void end_server(yaml_text& out, const std::vector<std::string>& networks) {
  out.entry("restart", "unless-stopped").list("networks", networks);
  write_logging(out);
  out.end_map();
}

// It has no bot's token, and nothing listens in it that could be asked whether it is well: when it ends it is
// started anew, and nginx goes on with the weights that it has.
void write_weights(yaml_text& out, const fleet_config& config, const deployment& all) {
  out.key("weights").begin_map();
  out.entry("image", fmt::format("${{GUILDFLEET_IMAGE:-{}}}", config.deploy.image));
  out.list("command", {"rollout", "weights", "--config", std::string(config_path), "--output",
                       std::string(weights_folder), "--watch"});
  out.list("secrets", {"database_url"});
  out.list("volumes", {fmt::format("./config/weights.yaml:{}:ro", config_path),
                       fmt::format("{}:{}", weights_volume, weights_folder)});
  if (all.has_postgres) write_depends(out, {"postgres"}, "service_healthy");
  out.key("healthcheck").begin_map().entry("disable", true).end_map();
  out.entry("user", fmt::format("{0}:{0}", container_uid));
  write_hardening(out, {"/tmp"});
  write_limits(out, 128, 0.25);
  end_server(out, all.has_postgres ? std::vector<std::string>{"fleet"}
                                   : std::vector<std::string>{"fleet", "outside"});
}

}  // namespace

void write_hardening(yaml_text& out, const std::vector<std::string>& tmpfs) {
  out.entry("read_only", true).list("cap_drop", {"ALL"}).list("security_opt", {"no-new-privileges:true"});
  out.entry("pids_limit", 256).list("tmpfs", tmpfs);
}

void write_logging(yaml_text& out) {
  out.key("logging").begin_map().entry("driver", "json-file").key("options").begin_map();
  out.entry("max-size", "10m").entry("max-file", "5").end_map().end_map();
}

void write_postgres(yaml_text& out) {
  out.key("postgres").begin_map().entry("image", fmt::format("${{POSTGRES_IMAGE:-{}}}", postgres_image));
  out.key("environment").begin_map().entry("POSTGRES_USER", "guildfleet").entry("POSTGRES_DB", "guildfleet");
  out.entry("POSTGRES_PASSWORD_FILE", "/run/secrets/postgres_password").end_map();
  out.list("secrets", {"postgres_password"}).list("volumes", {"postgres-data:/var/lib/postgresql/data"});
  write_check(out, {"CMD", "pg_isready", "--username", "guildfleet"});
  out.entry("stop_grace_period", "60s");
  write_hardening(out, {"/tmp", "/var/run/postgresql"});
  // What its start needs to own the data and to become another user.
  out.list("cap_add", {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"});
  write_limits(out, 512, 1);
  end_server(out, {"fleet"});
}

void write_redis(yaml_text& out) {
  out.key("redis").begin_map().entry("image", fmt::format("${{REDIS_IMAGE:-{}}}", redis_image));
  out.list("entrypoint", {"sh", "-c", std::string(redis_start)});
  out.entry("user", fmt::format("{0}:{0}", redis_uid)).list("secrets", {"redis_password"});
  write_check(out, {"CMD-SHELL", std::string(redis_ping)});
  write_hardening(out, {"/tmp"});
  write_limits(out, 128, 0.5);
  end_server(out, {"fleet"});
}

void write_depends(yaml_text& out, const std::vector<std::string>& servers, const char* condition) {
  if (servers.empty()) return;
  out.key("depends_on").begin_map();
  for (const std::string& name : servers) out.key(name).begin_map().entry("condition", condition).end_map();
  out.end_map();
}

void write_gateway(yaml_text& out, const fleet_config& config, const deployment& all) {
  if (all.pattern != deploy_pattern::services) return;
  write_weights(out, config, all);
  out.key("nginx").begin_map().entry("image", "${NGINX_IMAGE:-nginx:1.28-alpine}");
  out.list("entrypoint", {"sh", "/etc/guildfleet/run-nginx.sh"});
  out.key("ports").begin_list().text("${HTTP_PORT:-80}:8080");
  if (!config.deploy.host.empty()) out.text("${HTTPS_PORT:-443}:8443");
  out.end_list();
  std::vector<std::string> volumes = {"./nginx:/etc/guildfleet:ro",
                                      fmt::format("{}:/etc/guildfleet-weights:ro", weights_volume)};
  if (!config.deploy.host.empty()) volumes.emplace_back("./tls:/etc/guildfleet-tls:ro");
  out.list("volumes", volumes);
  // It needs no weights to start, but whoever has the volume first decides whose it is.
  write_depends(out, {"weights"}, "service_started");
  write_check(out, {"CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/health"});
  // What it serves ends before; who has a WebSocket open is not waited for longer.
  out.entry("stop_grace_period", "30s");
  write_hardening(out, {"/tmp"});
  write_limits(out, 128, 0.5);
  out.entry("user", fmt::format("{0}:{0}", container_uid));
  end_server(out, {"fleet", "outside"});
}

}  // namespace guildfleet::ops
