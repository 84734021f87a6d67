// kustomization.yaml of the base and of each overlay.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"

namespace guildfleet::ops {

// The namespace of the overlay dev.
[[nodiscard]] std::string dev_namespace(const fleet_config& config);

// "registry.example.org:5000/guildfleet" of "registry.example.org:5000/guildfleet:1.0@sha256:...".
[[nodiscard]] std::string_view image_name(std::string_view image);

// Workloads and their configuration, which the canary has of its own.
[[nodiscard]] std::string nodes_kustomization(const fleet_config& config, const deployment& all);
// `files` lie beside it.
[[nodiscard]] std::string base_kustomization(const fleet_config& config,
                                             const std::vector<std::string>& files);
[[nodiscard]] std::string production_kustomization(const fleet_config& config,
                                                   const std::vector<std::string>& files);
[[nodiscard]] std::string dev_kustomization(const fleet_config& config, const deployment& all);
[[nodiscard]] std::string canary_kustomization(const fleet_config& config);

}  // namespace guildfleet::ops
