// The parts of docker-compose.yml that are no bots: servers, the HTTP gateway; and what all share.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "ops/render/deployment.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {

// From the stop signal to the kill, beyond the time for handing over: what runs is ended, the store is
// written.
inline constexpr std::chrono::seconds grace_beyond_drain{15};

// Nothing of the host, nothing to write but `tmpfs` and the volumes.
void write_hardening(yaml_text& out, const std::vector<std::string>& tmpfs);
// Logs are rotated; Docker keeps them for ever otherwise.
void write_logging(yaml_text& out);

void write_postgres(yaml_text& out);
void write_redis(yaml_text& out);
// `condition`: "service_healthy". Nothing without servers.
void write_depends(yaml_text& out, const std::vector<std::string>& servers, const char* condition);

// Where `guildfleet rollout weights` writes and nginx reads.
inline constexpr std::string_view weights_volume = "nginx-weights";
// nginx before the nodes and what moves its weights, where the pattern has one; else nodes are reached on
// this machine only.
void write_gateway(yaml_text& out, const fleet_config& config, const deployment& all);

}  // namespace guildfleet::ops
