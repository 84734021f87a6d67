// Where the servers that watch a fleet are, inside the network of its containers.
#pragma once

#include <cstdint>
#include <string_view>

namespace guildfleet::ops {

inline constexpr std::uint16_t prometheus_port = 9090;
inline constexpr std::uint16_t alertmanager_port = 9093;
inline constexpr std::uint16_t grafana_port = 3000;

// Files in secrets_folder.
inline constexpr std::string_view alert_webhook_secret = "alert_webhook_url";
inline constexpr std::string_view grafana_secret = "grafana_password";

}  // namespace guildfleet::ops
