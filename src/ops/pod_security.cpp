#include "ops/pod_security.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <yaml-cpp/yaml.h>

namespace guildfleet::ops {
namespace {

using node = YAML::Node;
using violations = std::vector<std::string>;

node at(const node& map, const char* key) {
  if (!map.IsDefined() || !map.IsMap()) return node(YAML::NodeType::Undefined);
  return map[key];
}

template <class... Keys>
node at(const node& map, const char* key, Keys... further) {
  return at(at(map, key), further...);
}

std::string text_at(const node& map, const char* key) {
  return at(map, key).as<std::string>("");
}

bool is_true(const node& value) {
  return value.IsDefined() && value.as<bool>(false);
}

bool is_false(const node& value) {
  return value.IsDefined() && !value.as<bool>(true);
}

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> allowed) {
  return std::ranges::find(allowed, value) != allowed.end();
}

// The pod, or the template of one: what has `metadata` and `spec`.
node pod_of(const node& holder) {
  if (text_at(holder, "kind") == "Pod") return holder;
  for (const node& found : {at(holder, "spec", "jobTemplate", "spec", "template"),
                            at(holder, "spec", "template"), at(holder, "template")}) {
    if (at(found, "spec").IsDefined()) return found;
  }
  return node(YAML::NodeType::Undefined);
}

std::vector<node> containers_of(const node& spec) {
  std::vector<node> out;
  for (const char* kind : {"initContainers", "containers", "ephemeralContainers"}) {
    const node list = at(spec, kind);
    if (!list.IsDefined() || !list.IsSequence()) continue;
    for (const node each : list) out.push_back(each);
  }
  return out;
}

std::string called(const node& container) {
  return fmt::format("container {}", text_at(container, "name"));
}

// Of the pod and of each container: who, and its securityContext.
std::vector<std::pair<std::string, node>> contexts_of(const node& spec) {
  std::vector<std::pair<std::string, node>> out;
  out.emplace_back("the pod", at(spec, "securityContext"));
  for (const node& each : containers_of(spec)) out.emplace_back(called(each), at(each, "securityContext"));
  return out;
}

void check_host(const node& spec, violations& out) {
  for (const char* key : {"hostNetwork", "hostPID", "hostIPC"}) {
    if (is_true(at(spec, key))) out.push_back(fmt::format("the pod has {}: true", key));
  }
  for (const auto& [who, context] : contexts_of(spec)) {
    if (is_true(at(context, "windowsOptions", "hostProcess")))
      out.push_back(fmt::format("{} has hostProcess: true", who));
    if (is_true(at(context, "privileged"))) out.push_back(fmt::format("{} has privileged: true", who));
  }
}

void check_ports(const node& container, violations& out) {
  const node ports = at(container, "ports");
  if (!ports.IsDefined() || !ports.IsSequence()) return;
  for (const node each : ports) {
    if (at(each, "hostPort").as<int>(0) != 0)
      out.push_back(
          fmt::format("{} takes hostPort {} of its machine", called(container), text_at(each, "hostPort")));
  }
}

// Only the pod itself may be asked: by another address the kubelet would ask anybody.
void check_asked_hosts(const node& container, violations& out) {
  for (const char* key : {"livenessProbe", "readinessProbe", "startupProbe", "postStart", "preStop"}) {
    const node hook = at(container, "lifecycle", key);
    const node asked = hook.IsDefined() ? hook : at(container, key);
    for (const char* way : {"httpGet", "tcpSocket"}) {
      const std::string host = text_at(at(asked, way), "host");
      if (!host.empty())
        out.push_back(fmt::format("{} names the host {} in {}", called(container), host, key));
    }
  }
}

void check_volumes(const node& spec, violations& out) {
  const node volumes = at(spec, "volumes");
  if (!volumes.IsDefined() || !volumes.IsSequence()) return;
  for (const node volume : volumes) {
    if (!volume.IsMap()) continue;
    for (const auto& source : volume) {
      const auto kind = source.first.as<std::string>("");
      const bool allowed = is_one_of(kind, {"name", "configMap", "csi", "downwardAPI", "emptyDir",
                                            "ephemeral", "persistentVolumeClaim", "projected", "secret"});
      if (!allowed)
        out.push_back(fmt::format("the volume {} is of the kind {}", text_at(volume, "name"), kind));
    }
  }
}

void check_app_armor(const node& pod, violations& out) {
  const node annotations = at(pod, "metadata", "annotations");
  if (annotations.IsDefined() && annotations.IsMap()) {
    for (const auto& each : annotations) {
      const auto key = each.first.as<std::string>("");
      const auto value = each.second.as<std::string>("");
      const bool is_profile = key.starts_with("container.apparmor.security.beta.kubernetes.io/");
      if (is_profile && value != "runtime/default" && !value.starts_with("localhost/") && !value.empty())
        out.push_back(fmt::format("the annotation {} is {}", key, value));
    }
  }
  for (const auto& [who, context] : contexts_of(at(pod, "spec"))) {
    const std::string type = text_at(at(context, "appArmorProfile"), "type");
    if (!is_one_of(type, {"", "RuntimeDefault", "Localhost"}))
      out.push_back(fmt::format("{} has the AppArmor profile {}", who, type));
  }
}

void check_se_linux(const node& spec, violations& out) {
  for (const auto& [who, context] : contexts_of(spec)) {
    const node options = at(context, "seLinuxOptions");
    const std::string type = text_at(options, "type");
    if (!is_one_of(type, {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}))
      out.push_back(fmt::format("{} has the SELinux type {}", who, type));
    for (const char* key : {"user", "role"}) {
      if (!text_at(options, key).empty()) out.push_back(fmt::format("{} sets the SELinux {}", who, key));
    }
  }
}

void check_sysctls(const node& spec, violations& out) {
  const node sysctls = at(spec, "securityContext", "sysctls");
  if (!sysctls.IsDefined() || !sysctls.IsSequence()) return;
  for (const node each : sysctls) {
    const std::string name = text_at(each, "name");
    const bool safe = is_one_of(
        name, {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range",
               "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
               "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout",
               "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem",
               "net.ipv4.tcp_wmem", "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"});
    if (!safe) out.push_back(fmt::format("the pod sets the sysctl {}", name));
  }
}

void check_proc_mount(const node& container, violations& out) {
  const std::string kind = text_at(at(container, "securityContext"), "procMount");
  if (!is_one_of(kind, {"", "Default"}))
    out.push_back(fmt::format("{} has procMount: {}", called(container), kind));
}

// The pod says it for all, or each container for itself; a container's own word counts more.
void check_non_root(const node& spec, violations& out) {
  const bool by_pod = is_true(at(spec, "securityContext", "runAsNonRoot"));
  for (const node& each : containers_of(spec)) {
    const node own = at(each, "securityContext", "runAsNonRoot");
    if (is_false(own) || (!by_pod && !is_true(own)))
      out.push_back(
          fmt::format("{} may run as root: neither it nor the pod has runAsNonRoot: true", called(each)));
  }
  for (const auto& [who, context] : contexts_of(spec)) {
    if (at(context, "runAsUser").as<std::int64_t>(-1) == 0)
      out.push_back(fmt::format("{} has runAsUser: 0", who));
  }
}

void check_seccomp(const node& spec, violations& out) {
  const auto type_of = [](const node& holder) {
    return text_at(at(holder, "securityContext", "seccompProfile"), "type");
  };
  const std::string by_pod = type_of(spec);
  if (!is_one_of(by_pod, {"", "RuntimeDefault", "Localhost"}))
    out.push_back(fmt::format("the pod has the seccomp profile {}", by_pod));
  for (const node& each : containers_of(spec)) {
    const std::string own = type_of(each);
    if (own.empty() && by_pod.empty())
      out.push_back(fmt::format("{} has no seccompProfile, nor has the pod", called(each)));
    else if (!is_one_of(own, {"", "RuntimeDefault", "Localhost"}))
      out.push_back(fmt::format("{} has the seccomp profile {}", called(each), own));
  }
}

void check_capabilities(const node& container, violations& out) {
  const node capabilities = at(container, "securityContext", "capabilities");
  const auto names_in = [&capabilities](const char* key) {
    std::vector<std::string> names;
    const node list = at(capabilities, key);
    if (list.IsDefined() && list.IsSequence()) {
      for (const node each : list) names.push_back(each.as<std::string>(""));
    }
    return names;
  };
  for (const std::string& each : names_in("add")) {
    if (each != "NET_BIND_SERVICE")
      out.push_back(fmt::format("{} adds the capability {}", called(container), each));
  }
  const auto dropped = names_in("drop");
  if (std::ranges::find(dropped, "ALL") == dropped.end())
    out.push_back(fmt::format("{} does not drop the capabilities ALL", called(container)));
}

void check_escalation(const node& container, violations& out) {
  if (!is_false(at(container, "securityContext", "allowPrivilegeEscalation")))
    out.push_back(fmt::format("{} does not have allowPrivilegeEscalation: false", called(container)));
}

}  // namespace

std::vector<std::string> pod_security_violations(const YAML::Node& holder) {
  violations out;
  const node pod = pod_of(holder);
  const node spec = at(pod, "spec");
  if (!spec.IsDefined()) return out;
  check_host(spec, out);
  check_volumes(spec, out);
  check_app_armor(pod, out);
  check_se_linux(spec, out);
  check_sysctls(spec, out);
  check_non_root(spec, out);
  // Windows has no such things.
  const bool windows = text_at(at(spec, "os"), "name") == "windows";
  if (!windows) check_seccomp(spec, out);
  for (const node& each : containers_of(spec)) {
    check_ports(each, out);
    check_asked_hosts(each, out);
    check_proc_mount(each, out);
    if (windows) continue;
    check_capabilities(each, out);
    check_escalation(each, out);
  }
  return out;
}

}  // namespace guildfleet::ops
