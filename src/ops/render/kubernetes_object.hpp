// What the rendered Kubernetes objects have in common: head, labels, hardening, limits, probes.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {

inline const std::string kubernetes_command = "guildfleet render kubernetes";
inline constexpr std::string_view name_label = "app.kubernetes.io/name";
inline constexpr std::string_view component_label = "app.kubernetes.io/component";
inline constexpr std::string_view fleet_label = "app.kubernetes.io/part-of";
// "stable", or "canary": workloads of two releases must not take each other's pods for their own.
inline constexpr std::string_view track_label = "track";

using label_list = std::vector<std::pair<std::string, std::string>>;

enum class component { node, database, cache };
[[nodiscard]] std::string_view name_of(component value);

// What all objects of one part have: its name, its component, its fleet.
[[nodiscard]] label_list labels_of(const fleet_config& config, const std::string& part, component what);

void write_labels(yaml_text& out, std::string_view key, const label_list& labels);
// { matchLabels: ... }
void write_selector(yaml_text& out, std::string_view key, const label_list& labels);

// Begins a document with apiVersion, kind and metadata; its writer goes on and ends the map.
void begin_object(yaml_text& out, const char* version, const char* kind, const std::string& name,
                  const label_list& labels);

// A document with comments above it, one a line.
[[nodiscard]] std::string remarked(const std::vector<std::string>& remarks, const std::string& document);

// One file of several documents.
[[nodiscard]] std::string documents(const std::vector<std::string>& each);

// securityContext of a pod, which runs as this user; nothing of it needs the API server.
void write_pod_security(yaml_text& out, std::uint32_t user);
// securityContext of a container: nothing to write but its volumes.
void write_container_security(yaml_text& out);

struct amounts {
  std::uint32_t memory_mib = 0;
  std::uint32_t milli_cpus = 0;
};
void write_resources(yaml_text& out, const amounts& requests, const amounts& limits);

struct probe_timing {
  std::chrono::seconds period{10};
  std::chrono::seconds timeout{3};
  int failures = 3;
};
void write_http_probe(yaml_text& out, std::string_view key, std::string_view path,
                      const probe_timing& timing);
void write_port_probe(yaml_text& out, std::string_view key, std::string_view port,
                      const probe_timing& timing);
void write_command_probe(yaml_text& out, std::string_view key, const std::vector<std::string>& command,
                         const probe_timing& timing);

void write_container_port(yaml_text& out, std::string_view name, std::uint16_t port);
void write_mount(yaml_text& out, std::string_view volume, std::string_view path, bool read_only = false);
// A volume of the pod's own life, in memory's place on disk, with a limit.
void write_scratch(yaml_text& out, std::string_view name, std::string_view limit);
// Secrets as files of one folder, each under its own name.
void write_secret_volume(yaml_text& out, const std::vector<needed_secret>& secrets);
// volumeClaimTemplates of a StatefulSet, with one claim.
void write_claim(yaml_text& out, const fleet_config& config, std::string_view name, std::uint32_t gib);

// Of a Service. `headless`: its name means the pods themselves.
struct service_port {
  std::string_view name;
  std::uint16_t port = 0;
};
[[nodiscard]] std::string service_object(const std::string& name, const label_list& labels, bool headless,
                                         const std::vector<service_port>& ports);

// A secret's name in Kubernetes: "music_token" is "music-token".
[[nodiscard]] std::string kubernetes_secret(const needed_secret& secret);

}  // namespace guildfleet::ops
