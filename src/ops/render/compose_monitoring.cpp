#include "ops/render/compose_monitoring.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "ops/render/compose_servers.hpp"
#include "ops/render/grafana.hpp"
#include "ops/render/monitoring_places.hpp"
#include "ops/render/prometheus.hpp"

namespace guildfleet::ops {
namespace {

// The user that Prometheus' and Alertmanager's images run as and to whom their data belong: nobody.
constexpr std::uint32_t nobody = 65'534;

struct watcher {
  std::string name;
  std::string image;  // with its version
  std::uint16_t port = 0;
  std::uint32_t uid = 0;
  std::string alive;  // path that answers 200 while it lives
  std::string data;   // folder that is kept
  int memory_mib = 0;
  double cpus = 0;
  std::vector<std::string> command;
  std::vector<std::string> mounts;
  std::vector<std::string> secrets;
};

void write_image(yaml_text& out, const watcher& of) {
  std::string variable = of.name;
  std::ranges::transform(variable, variable.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  out.list("profiles", {"monitoring"}).entry("image", fmt::format("${{{}_IMAGE:-{}}}", variable, of.image));
}

void begin_watcher(yaml_text& out, const watcher& of) {
  out.key(of.name).begin_map();
  write_image(out, of);
  if (!of.command.empty()) out.list("command", of.command);
  out.entry("user", fmt::format("{0}:{0}", of.uid));
  std::vector<std::string> volumes = of.mounts;
  volumes.push_back(fmt::format("{}-data:{}", of.name, of.data));
  out.list("volumes", volumes);
  if (!of.secrets.empty()) out.list("secrets", of.secrets);
  out.list("ports", {fmt::format("127.0.0.1:{0}:{0}", of.port)});
}

void end_watcher(yaml_text& out, const watcher& of) {
  out.key("healthcheck").begin_map();
  out.list("test",
           {"CMD", "wget", "-q", "-O", "/dev/null", fmt::format("http://127.0.0.1:{}{}", of.port, of.alive)});
  out.entry("interval", "10s")
      .entry("timeout", "5s")
      .entry("retries", 5)
      .entry("start_period", "60s")
      .end_map();
  write_hardening(out, {"/tmp"});
  out.entry("mem_limit", fmt::format("{}m", of.memory_mib))
      .entry("mem_reservation", fmt::format("{}m", of.memory_mib / 4));
  out.key("cpus").decimal(of.cpus);
  out.entry("restart", "unless-stopped").entry("stop_grace_period", "30s");
  out.list("networks", {"fleet", "outside"});
  write_logging(out);
  out.end_map();
}

void write_prometheus(yaml_text& out) {
  const watcher prometheus{
      .name = "prometheus",
      .image = "prom/prometheus:v3.5.0",
      .port = prometheus_port,
      .uid = nobody,
      .alive = "/-/healthy",
      .data = "/prometheus",
      .memory_mib = 512,
      .cpus = 0.5,
      .command = {"--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus",
                  "--storage.tsdb.retention.time=30d", "--storage.tsdb.retention.size=4GB"},
      .mounts = {"./prometheus:/etc/prometheus:ro"},
      .secrets = {}};
  begin_watcher(out, prometheus);
  end_watcher(out, prometheus);
}

void write_alertmanager(yaml_text& out, const fleet_config& config) {
  const watcher alertmanager{.name = "alertmanager",
                             .image = "prom/alertmanager:v0.28.1",
                             .port = alertmanager_port,
                             .uid = nobody,
                             .alive = "/-/healthy",
                             .data = "/alertmanager",
                             .memory_mib = 128,
                             .cpus = 0.25,
                             // Alone: an empty address keeps it from looking for others.
                             .command = {"--config.file=/etc/alertmanager/alertmanager.yml",
                                         "--storage.path=/alertmanager", "--cluster.listen-address="},
                             .mounts = {"./alertmanager:/etc/alertmanager:ro"},
                             .secrets = config.deploy.alert_webhook
                                            ? std::vector{std::string(alert_webhook_secret)}
                                            : std::vector<std::string>()};
  begin_watcher(out, alertmanager);
  end_watcher(out, alertmanager);
}

// It looks for news, updates and plugins at grafana.com unless it is told not to.
void write_grafana(yaml_text& out) {
  const watcher grafana{.name = "grafana",
                        .image = "grafana/grafana:12.1.1",
                        .port = grafana_port,
                        .uid = container_uid,
                        .alive = "/api/health",
                        .data = "/var/lib/grafana",
                        .memory_mib = 512,
                        .cpus = 0.5,
                        .command = {},
                        .mounts = {"./grafana/provisioning:/etc/grafana/provisioning:ro",
                                   "./grafana/dashboards:/etc/grafana/dashboards:ro"},
                        .secrets = {std::string(grafana_secret)}};
  begin_watcher(out, grafana);
  out.key("environment").begin_map();
  out.entry("GF_SECURITY_ADMIN_PASSWORD__FILE", fmt::format("{}/{}", secrets_folder, grafana_secret));
  out.entry("GF_USERS_ALLOW_SIGN_UP", "false").entry("GF_AUTH_ANONYMOUS_ENABLED", "false");
  out.entry("GF_ANALYTICS_REPORTING_ENABLED", "false").entry("GF_ANALYTICS_CHECK_FOR_UPDATES", "false");
  out.entry("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "false").entry("GF_NEWS_NEWS_FEED_ENABLED", "false");
  out.entry("GF_PLUGINS_PREINSTALL_DISABLED", "true").entry("GF_LOG_MODE", "console");
  out.end_map();
  end_watcher(out, grafana);
}

}  // namespace

void write_monitoring(yaml_text& out, const fleet_config& config) {
  write_prometheus(out);
  write_alertmanager(out, config);
  write_grafana(out);
}

void write_monitoring_volumes(yaml_text& out) {
  for (const char* name : {"prometheus-data", "alertmanager-data", "grafana-data"}) out.key(name).empty_map();
}

std::vector<needed_secret> monitoring_secrets(const fleet_config& config) {
  using origin = needed_secret::origin;
  std::vector<needed_secret> out{
      {std::string(grafana_secret), origin::made_up, "the password of Grafana's user admin"}};
  if (config.deploy.alert_webhook)
    out.push_back(
        {std::string(alert_webhook_secret), origin::person, "the address that alerts are sent to", nobody});
  return out;
}

rendering monitoring_files(const fleet_config& config, const deployment& all) {
  rendering out = render_prometheus(config, all);
  rendering grafana = render_grafana(config, all);
  std::ranges::move(grafana.files, std::back_inserter(out.files));
  return out;
}

}  // namespace guildfleet::ops
