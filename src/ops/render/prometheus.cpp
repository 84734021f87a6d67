#include "ops/render/prometheus.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "ops/render/alert_files.hpp"
#include "ops/render/monitoring_places.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {
namespace {

const std::string command = "guildfleet render prometheus";

struct relabelling {
  std::vector<std::string> from;  // joined by ;
  std::string pattern;
  std::string to;
  std::string with;
};

void write_target(yaml_text& out, const std::string& address) {
  out.begin_map().list("targets", {address}).end_map();
}

// The usual nodes are named one by one, so that one that is missing is missed. Their twins of another release
// are there during a rollout only: they are targets as long as their names are known.
void write_nodes(yaml_text& out, const deployment& all) {
  std::vector<std::string> twins;
  out.key("static_configs").begin_list();
  for (const service& each : all.services) {
    std::vector<std::string> targets;
    for (const std::string& name : node_names(each, node_twin::blue))
      targets.push_back(fmt::format("{}:{}", name, health_port));
    std::ranges::move(node_names(each, node_twin::green), std::back_inserter(twins));
    out.begin_map().list("targets", targets).end_map();
  }
  out.end_list();
  out.key("dns_sd_configs").begin_list().begin_map().list("names", twins);
  out.entry("type", "A").entry("port", int{health_port}).entry("refresh_interval", "15s");
  out.end_map().end_list();
  // Nodes that run elsewhere: files of a person, which render leaves alone.
  out.key("file_sd_configs").begin_list().begin_map().list("files", {"targets/*.yml"}).end_map().end_list();
}

// A label that a target has already, from a person's file, stays.
void write_labels(yaml_text& out, const fleet_config& config) {
  // All of them reach Discord from one machine, so from one address.
  const std::string egress = config.egress.empty() ? "host" : config.egress;
  out.key("relabel_configs").begin_list();
  for (const relabelling& each :
       {relabelling{{"__meta_dns_name"}, "(.+)", "instance", fmt::format("$1:{}", health_port)},
        relabelling{{"__meta_dns_name"}, "(.+)", "node", "$1"},
        relabelling{{"node", "__address__"}, ";(.+):[0-9]+", "node", "$1"},
        relabelling{{"service", "node"}, ";(.+)-[0-9]+(-green)?", "service", "$1"},
        relabelling{{"fleet"}, "^$", "fleet", config.fleet},
        relabelling{{"egress"}, "^$", "egress", egress}}) {
    out.begin_map().list("source_labels", each.from).entry("regex", each.pattern);
    out.entry("target_label", each.to).entry("replacement", each.with).end_map();
  }
  out.end_list();
}

std::string prometheus_file(const fleet_config& config, const deployment& all) {
  yaml_text out;
  out.begin_map().key("global").begin_map();
  out.entry("scrape_interval", "15s").entry("evaluation_interval", "15s").end_map();
  out.list("rule_files", {"rules/*.yml"});
  out.key("alerting").begin_map().key("alertmanagers").begin_list().begin_map();
  out.key("static_configs").begin_list();
  write_target(out, fmt::format("alertmanager:{}", alertmanager_port));
  out.end_list().end_map().end_list().end_map();
  out.key("scrape_configs").begin_list();
  out.begin_map().entry("job_name", "guildfleet");
  write_nodes(out, all);
  write_labels(out, config);
  out.end_map();
  for (const auto& [name, port] :
       {std::pair("prometheus", prometheus_port), std::pair("alertmanager", alertmanager_port)}) {
    out.begin_map().entry("job_name", name).key("static_configs").begin_list();
    write_target(out, fmt::format("{}:{}", name, port));
    out.end_list().end_map();
  }
  return header_of(command) + out.end_list().end_map().take();
}

struct inhibition {
  std::string source;
  std::string target;
  std::string equal;  // a label that both have alike; empty: none needs to be
};

void write_inhibitions(yaml_text& out) {
  out.key("inhibit_rules").begin_list();
  for (const inhibition& each :
       {inhibition{"alertname=~\"GuildfleetDiscordOutage|GuildfleetDiscordUnreachable\"",
                   "follows=\"discord\"", ""},
        inhibition{"alertname=\"GuildfleetInvalidRequestsNearBan\"",
                   "alertname=\"GuildfleetInvalidRequestsHigh\"", "egress"},
        inhibition{"alertname=\"GuildfleetCrashLoop\"", "alertname=\"GuildfleetNodeDown\"", "instance"}}) {
    out.begin_map().list("source_matchers", {each.source}).list("target_matchers", {each.target});
    if (!each.equal.empty()) out.list("equal", {each.equal});
    out.end_map();
  }
  out.end_list();
}

std::string alertmanager_file(const fleet_config& config) {
  const std::string receiver = config.deploy.alert_webhook ? "webhook" : "nowhere";
  yaml_text out;
  out.begin_map().key("route").begin_map().entry("receiver", receiver);
  out.list("group_by", {"alertname", "bot"}).entry("group_wait", "30s").entry("group_interval", "5m");
  out.entry("repeat_interval", "4h").end_map();
  out.key("receivers").begin_list().begin_map().entry("name", receiver);
  if (config.deploy.alert_webhook) {
    out.key("webhook_configs").begin_list().begin_map();
    out.entry("url_file", fmt::format("{}/{}", secrets_folder, alert_webhook_secret));
    out.entry("send_resolved", true).end_map().end_list();
  }
  out.end_map().end_list();
  write_inhibitions(out);
  return header_of(command) + out.end_map().take();
}

}  // namespace

rendering render_prometheus(const fleet_config& config, const deployment& all) {
  rendering out;
  out.files.push_back({"prometheus/prometheus.yml", prometheus_file(config, all)});
  for (const alert_file& each : alert_rule_files())
    out.files.push_back(
        {fmt::format("prometheus/rules/{}.yml", each.name), header_of(command) + std::string(each.text)});
  out.files.push_back({"alertmanager/alertmanager.yml", alertmanager_file(config)});
  if (!config.deploy.alert_webhook)
    out.next.emplace_back(
        "alerts go nowhere yet: write deploy.alert_webhook: true into fleet.yaml and the address of the "
        "webhook into the secret alert_webhook_url");
  return out;
}

}  // namespace guildfleet::ops
