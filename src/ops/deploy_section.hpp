// deploy: how the fleet is run, for plan and render. A node that runs does not look at it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ops/section_reader.hpp"

namespace guildfleet::ops {

enum class deploy_pattern {
  independent,  // each bot by itself, on SQLite
  shared,       // each bot by itself, all on one PostgreSQL
  services,     // several nodes for each bot behind an HTTP gateway; PostgreSQL and Redis
};
[[nodiscard]] std::string_view name_of(deploy_pattern value);

// Whether a server runs beside the fleet or is somebody else's.
enum class server_place { inside, outside };

// deploy.kubernetes:
struct kubernetes_section {
  std::string name_space;                           // default: the fleet's name
  std::string storage_class;                        // empty: the cluster's own
  std::string ingress_class = "traefik";            // or "nginx"
  std::string pull_secret;                          // name of the Secret for the registry; empty: none
  std::string canary = "next";                      // release and tag of the overlay canary
  std::uint32_t storage_gib = 1;                    // of each bot on SQLite
  std::uint32_t database_gib = 10;                  // of the PostgreSQL beside the fleet
  std::uint16_t database_port = 5432;               // of one elsewhere
  std::uint16_t redis_port = 6379;                  // of one elsewhere
  bool monitoring = false;                          // PodMonitor and PrometheusRule
  std::string monitoring_namespace = "monitoring";  // where Prometheus runs
};

// deploy:
struct deploy_section {
  deploy_pattern pattern = deploy_pattern::independent;  // default: by what the fleet uses
  std::string image;                                     // default: guildfleet:<release>
  std::uint32_t nodes = 2;                               // of each bot, with `services`
  std::chrono::seconds drain{30};            // a stopped node has this long to hand its shards over
  std::uint32_t memory_mib = 256;            // of one node, at most
  double cpus = 1;                           // of one node, at most
  std::string host;                          // public name of the HTTP gateway; empty: none
  std::vector<std::string> trusted_proxies;  // in front of it: addresses and networks, as 10.0.0.0/8
  server_place database = server_place::inside;
  server_place redis = server_place::inside;
  bool alert_webhook = false;  // alerts go to the address in the secret alert_webhook_url
  kubernetes_section kubernetes;
};

// `by_use` is the pattern where none is given.
void read_deploy(section_reader& reader, deploy_pattern by_use, const std::string& fleet,
                 const std::string& release, deploy_section& deploy);

}  // namespace guildfleet::ops
