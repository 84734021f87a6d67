#include <fmt/format.h>

#include "ops/check/compose_checks.hpp"

namespace guildfleet::ops {
namespace {

void check_capabilities(const compose_service& service, compose_findings& out) {
  if (service.text("privileged") == "true")
    out.add(compose_rule::privileged, service.place_of("privileged"),
            fmt::format("{}: privileged", service.name));
  const auto* added = service.find("cap_add");
  if (added == nullptr) return;
  for (const auto& item : added->items) {
    const std::string_view name = item.written;
    if (name == "ALL" || name == "SYS_ADMIN" || name == "CAP_SYS_ADMIN")
      out.add(compose_rule::privileged, item.at, fmt::format("{}: cap_add {}", service.name, name));
  }
}

bool is_root(std::string_view user) {
  const std::string_view name = user.substr(0, user.find(':'));
  return name == "root" || name == "0";
}

}  // namespace

void check_rights(const compose_file& file, compose_findings& out) {
  for (const compose_service& service : file.services) {
    check_capabilities(service, out);
    for (const compose_mount& each : service.mounts) {
      if (each.source.ends_with("docker.sock") || each.source.ends_with("podman.sock") ||
          each.source.ends_with("containerd.sock"))
        out.add(compose_rule::engine_socket, each.at, fmt::format("{}: {}", service.name, each.source));
    }
    if (service.text("network_mode") == "host")
      out.add(compose_rule::host_network, service.place_of("network_mode"), service.name);
    if (is_root(service.text("user")))
      out.add(compose_rule::root_user, service.place_of("user"),
              fmt::format("{}: user {}", service.name, service.text("user")));
  }
}

}  // namespace guildfleet::ops
