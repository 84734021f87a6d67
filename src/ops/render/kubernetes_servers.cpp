#include "ops/render/kubernetes_servers.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "ops/render/kubernetes_object.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {
namespace {

using namespace std::chrono_literals;

// The users of the images.
constexpr std::uint32_t postgres_user = 70;
constexpr std::uint32_t redis_user = 999;
constexpr std::uint16_t postgres_port = 5432;
constexpr std::uint16_t redis_port = 6379;

const needed_secret& secret_called(const deployment& all, std::string_view name) {
  return *std::ranges::find(all.secrets, name, &needed_secret::name);
}

void begin_pod(yaml_text& out, const label_list& labels, std::uint32_t user, int grace_seconds) {
  write_selector(out, "selector", labels);
  out.key("template").begin_map().key("metadata").begin_map();
  write_labels(out, "labels", labels);
  out.end_map().key("spec").begin_map();
  write_pod_security(out, user);
  out.entry("terminationGracePeriodSeconds", grace_seconds);
}

void begin_container(yaml_text& out, const std::string& name, std::string_view image, std::uint16_t port) {
  out.key("containers").begin_list().begin_map().entry("name", name).entry("image", image);
  out.entry("imagePullPolicy", "IfNotPresent");
  out.key("ports").begin_list();
  write_container_port(out, name, port);
  out.end_list();
}

void write_postgres_container(yaml_text& out, std::uint32_t connections) {
  begin_container(out, "postgres", postgres_image, postgres_port);
  out.list("args", {"-c", fmt::format("max_connections={}", connections)});
  out.key("env").begin_list();
  for (const auto& [name, value] :
       {std::pair("POSTGRES_USER", "guildfleet"), std::pair("POSTGRES_DB", "guildfleet"),
        std::pair("POSTGRES_PASSWORD_FILE", "/run/secrets/postgres_password"),
        std::pair("PGDATA", "/var/lib/postgresql/data/pgdata")})
    out.begin_map().entry("name", name).entry("value", value).end_map();
  out.end_list();
  // While it recovers it listens, and refuses to serve: killing it then would begin the recovery anew.
  write_port_probe(out, "startupProbe", "postgres", {.period = 5s, .timeout = 3s, .failures = 120});
  write_port_probe(out, "livenessProbe", "postgres", {.period = 10s, .timeout = 5s, .failures = 6});
  write_command_probe(out, "readinessProbe", {"pg_isready", "--username", "guildfleet"},
                      {.period = 5s, .timeout = 5s, .failures = 3});
  write_resources(out, {256, 250}, {512, 1'000});
  write_container_security(out);
  out.key("volumeMounts").begin_list();
  write_mount(out, "data", "/var/lib/postgresql/data");
  write_mount(out, "secrets", secrets_folder, true);
  write_mount(out, "sockets", "/var/run/postgresql");
  write_mount(out, "scratch", "/tmp");
  out.end_list().end_map().end_list();
}

std::string postgres_workload(const fleet_config& config, const deployment& all, const label_list& labels) {
  yaml_text out;
  begin_object(out, "apps/v1", "StatefulSet", "postgres", labels);
  out.key("spec").begin_map().entry("replicas", 1).entry("serviceName", "postgres");
  out.key("persistentVolumeClaimRetentionPolicy").begin_map();
  out.entry("whenDeleted", "Retain").entry("whenScaled", "Retain").end_map();
  write_claim(out, config, "data", config.deploy.kubernetes.database_gib);
  begin_pod(out, labels, postgres_user, 60);
  write_postgres_container(out, database_connections(config, all));
  out.key("volumes").begin_list();
  write_secret_volume(out, {secret_called(all, "postgres_password")});
  write_scratch(out, "sockets", "1Mi");
  write_scratch(out, "scratch", "256Mi");
  return out.end_list().end_map().end_map().end_map().end_map().take();
}

void write_redis_container(yaml_text& out) {
  begin_container(out, "redis", redis_image, redis_port);
  out.list("command", {"sh", "-c", std::string(redis_start)});
  write_port_probe(out, "startupProbe", "redis", {.period = 2s, .timeout = 3s, .failures = 30});
  write_port_probe(out, "livenessProbe", "redis", {.period = 10s, .timeout = 5s, .failures = 6});
  write_command_probe(out, "readinessProbe", {"sh", "-c", std::string(redis_ping)},
                      {.period = 5s, .timeout = 5s, .failures = 3});
  write_resources(out, {32, 50}, {128, 500});
  write_container_security(out);
  out.key("volumeMounts").begin_list();
  write_mount(out, "secrets", secrets_folder, true);
  write_mount(out, "scratch", "/data");
  write_mount(out, "scratch", "/tmp");
  out.end_list().end_map().end_list();
}

std::string redis_workload(const deployment& all, const label_list& labels) {
  yaml_text out;
  begin_object(out, "apps/v1", "Deployment", "redis", labels);
  out.key("spec").begin_map().entry("replicas", 1);
  out.key("strategy").begin_map().entry("type", "Recreate").end_map();
  begin_pod(out, labels, redis_user, 10);
  write_redis_container(out);
  out.key("volumes").begin_list();
  write_secret_volume(out, {secret_called(all, "redis_password")});
  write_scratch(out, "scratch", "64Mi");
  return remarked({"Two of them would each know a part of what was reserved; nothing is lost without it."},
                  out.end_list().end_map().end_map().end_map().end_map().take());
}

}  // namespace

std::uint32_t database_connections(const fleet_config& config, const deployment& all) {
  constexpr std::uint32_t usual = 100;
  constexpr std::uint32_t spare = 20;
  constexpr std::uint32_t releases = 2;
  const std::uint32_t of_a_node = config.store.connections + (config.store.listen ? 1 : 0);
  std::uint32_t nodes = 0;
  for (const service& each : all.services) nodes += each.nodes;
  return std::max(usual, nodes * of_a_node * releases + spare);
}

std::string postgres_objects(const fleet_config& config, const deployment& all) {
  const label_list labels = labels_of(config, "postgres", component::database);
  return documents({service_object("postgres", labels, true, {{"postgres", postgres_port}}),
                    postgres_workload(config, all, labels)});
}

std::string redis_objects(const fleet_config& config, const deployment& all) {
  const label_list labels = labels_of(config, "redis", component::cache);
  return documents(
      {service_object("redis", labels, false, {{"redis", redis_port}}), redis_workload(all, labels)});
}

}  // namespace guildfleet::ops
