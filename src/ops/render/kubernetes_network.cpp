#include "ops/render/kubernetes_network.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>
#include <functional>

#include "ops/render/kubernetes_gateway.hpp"
#include "ops/render/kubernetes_object.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {
namespace {

enum class direction { ingress, egress };

std::string_view list_of(direction which) {
  return which == direction::ingress ? "ingress" : "egress";
}

// A place that traffic comes from or goes to.
using peer_writer = std::function<void(yaml_text&)>;

peer_writer pods(const label_list& labels) {
  return [labels](yaml_text& out) { write_selector(out, "podSelector", labels); };
}

peer_writer pods_elsewhere(std::vector<std::string> namespaces, label_list labels) {
  return [namespaces = std::move(namespaces), labels = std::move(labels)](yaml_text& out) {
    out.key("namespaceSelector").begin_map().key("matchExpressions").begin_list().begin_map();
    out.entry("key", "kubernetes.io/metadata.name").entry("operator", "In").list("values", namespaces);
    out.end_map().end_list().end_map();
    if (!labels.empty()) write_selector(out, "podSelector", labels);
  };
}

peer_writer addresses(std::string block, std::vector<std::string> without) {
  return [block = std::move(block), without = std::move(without)](yaml_text& out) {
    out.key("ipBlock").begin_map().entry("cidr", block);
    if (!without.empty()) out.list("except", without);
    out.end_map();
  };
}

struct allowed_port {
  std::uint16_t number = 0;
  std::string_view protocol = "TCP";
};

struct rule {
  direction which = direction::ingress;
  std::vector<peer_writer> peers;
  std::vector<allowed_port> ports;
};

void write_rule(yaml_text& out, const rule& each) {
  out.key(list_of(each.which)).begin_list().begin_map();
  out.key(each.which == direction::ingress ? "from" : "to").begin_list();
  for (const peer_writer& write : each.peers) {
    out.begin_map();
    write(out);
    out.end_map();
  }
  out.end_list().key("ports").begin_list();
  for (const allowed_port& port : each.ports)
    out.begin_map().entry("protocol", port.protocol).entry("port", int{port.number}).end_map();
  out.end_list().end_map().end_list();
}

// `of`: the pods that it is about; none: all of the namespace.
std::string policy(const std::string& name, const label_list& fleet, const label_list& of,
                   const std::vector<rule>& rules) {
  yaml_text out;
  begin_object(out, "networking.k8s.io/v1", "NetworkPolicy", name, fleet);
  out.key("spec").begin_map();
  if (of.empty())
    out.key("podSelector").empty_map();
  else
    write_selector(out, "podSelector", of);
  std::vector<std::string> types;
  for (const rule& each : rules) types.emplace_back(each.which == direction::ingress ? "Ingress" : "Egress");
  out.list("policyTypes", types);
  for (const rule& each : rules) {
    if (!each.peers.empty()) write_rule(out, each);
  }
  return out.end_map().end_map().take();
}

const std::vector<std::string> private_ipv4 = {"10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16",
                                               "172.16.0.0/12", "192.168.0.0/16"};
const std::vector<std::string> private_ipv6 = {"fc00::/7", "fe80::/10"};

// Discord has no list of addresses. Where another address stands for it, as a simulator's, it may be private.
rule to_discord(const fleet_config& config) {
  const bool real = config.discord.api_url == discord_section{}.api_url;
  const auto without = [real](const std::vector<std::string>& blocks) {
    return real ? blocks : std::vector<std::string>{};
  };
  return {direction::egress,
          {addresses("0.0.0.0/0", without(private_ipv4)), addresses("::/0", without(private_ipv6))},
          {{port_of_url(config.discord.api_url)}}};
}

peer_writer ingress_controller(const std::string& kind) {
  if (kind == "nginx") return pods_elsewhere({"ingress-nginx"}, {{std::string(name_label), "ingress-nginx"}});
  return pods_elsewhere({"kube-system", "traefik"}, {{std::string(name_label), "traefik"}});
}

class policy_list final {
 public:
  policy_list(const fleet_config& config, const deployment& all)
      : config_(config), all_(all), fleet_{{std::string(fleet_label), dns_label(config.fleet)}} {}

  std::string take() {
    add("default-deny", {}, {{direction::ingress, {}, {}}, {direction::egress, {}, {}}});
    add("dns", {},
        {{direction::egress,
          {pods_elsewhere({"kube-system"}, {{"k8s-app", "kube-dns"}})},
          {{53, "UDP"}, {53, "TCP"}}}});
    add("discord", nodes(), {to_discord(config_)});
    if (all_.uses_database) add_server("database", all_.has_postgres, 5432, of(component::database));
    if (all_.pattern == deploy_pattern::services) {
      add_server("redis", all_.has_redis, 6379, of(component::cache));
      add_peers();
    }
    if (has_ingress(config_, all_)) add_ingress();
    if (config_.deploy.kubernetes.monitoring)
      add("prometheus", nodes(),
          {{direction::ingress,
            {pods_elsewhere({config_.deploy.kubernetes.monitoring_namespace}, {})},
            {{health_port}}}});
    return documents(out_);
  }

 private:
  [[nodiscard]] label_list of(component what) const {
    return {{std::string(component_label), std::string(name_of(what))}, fleet_.front()};
  }
  [[nodiscard]] label_list nodes() const { return of(component::node); }

  void add(const std::string& name, const label_list& of, const std::vector<rule>& rules) {
    out_.push_back(policy(name, fleet_, of, rules));
  }

  // From the nodes to a server; one elsewhere may be anywhere.
  void add_server(const std::string& name, bool inside, std::uint16_t port, const label_list& server) {
    if (!inside) {
      const kubernetes_section& kubernetes = config_.deploy.kubernetes;
      const std::uint16_t outside = name == "redis" ? kubernetes.redis_port : kubernetes.database_port;
      std::vector<allowed_port> ports = {{outside}};
      // The database itself, where outside is a pooler's.
      if (name == "database" && outside != port && config_.store.names_listen) ports.push_back({port});
      add("to-" + name, nodes(),
          {{direction::egress, {addresses("0.0.0.0/0", {}), addresses("::/0", {})}, ports}});
      return;
    }
    add("to-" + name, nodes(), {{direction::egress, {pods(server)}, {{port}}}});
    add(name + "-from-nodes", server, {{direction::ingress, {pods(nodes())}, {{port}}}});
  }

  // Between the nodes of one bot, of whatever release.
  void add_peers() {
    for (const service& each : all_.services) {
      const label_list bot = labels_of(config_, each.name, component::node);
      add(each.name + "-peers", bot,
          {{direction::ingress, {pods(bot)}, {{peer_port}}},
           {direction::egress, {pods(bot)}, {{peer_port}}}});
    }
  }

  void add_ingress() {
    std::vector<allowed_port> ports = {{health_port}};
    if (config_.api.port) ports.push_back({api_port});
    add("gateway", nodes(),
        {{direction::ingress, {ingress_controller(config_.deploy.kubernetes.ingress_class)}, ports}});
  }

  const fleet_config& config_;
  const deployment& all_;
  label_list fleet_;
  std::vector<std::string> out_;
};

}  // namespace

std::uint16_t port_of_url(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (parsed && parsed->port_number() != 0) return parsed->port_number();
  return parsed && parsed->scheme() == "http" ? 80 : 443;
}

std::string network_policies(const fleet_config& config, const deployment& all) {
  return policy_list(config, all).take();
}

}  // namespace guildfleet::ops
