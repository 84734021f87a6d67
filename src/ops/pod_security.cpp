#include "ops/pod_security.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

using base::yaml_node;

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> allowed) {
  return std::ranges::find(allowed, value) != allowed.end();
}

struct part {
  std::string who;  // "the pod", "container web"
  const yaml_node* of = nullptr;
};

class pod_review final {
 public:
  explicit pod_review(const yaml_node& pod) : pod_(pod), spec_(*pod.find("spec")) {
    for (const char* kind : {"initContainers", "containers", "ephemeralContainers"}) {
      for (const yaml_node& each : items_at(&spec_, {kind}))
        containers_.push_back({fmt::format("container {}", text_at(&each, {"name"})), &each});
    }
    holders_ = containers_;
    holders_.insert(holders_.begin(), {"the pod", &spec_});
  }

  std::vector<pod_security_violation> take() {
    check_host();
    check_volumes();
    check_app_armor();
    check_se_linux();
    check_sysctls();
    check_non_root();
    // Windows has no such things.
    const bool windows = text_at(&spec_, {"os", "name"}) == "windows";
    if (!windows) check_seccomp();
    for (const part& each : containers_) {
      check_ports(each);
      check_asked_hosts(each);
      check_proc_mount(each);
      if (windows) continue;
      check_capabilities(each);
      check_escalation(each);
    }
    return std::move(out_);
  }

 private:
  void add(const yaml_node* at, std::string text, bool opens_host = false) {
    out_.push_back({at != nullptr ? at->at : spec_.at, std::move(text), opens_host});
  }

  void check_host() {
    for (const char* key : {"hostNetwork", "hostPID", "hostIPC"}) {
      const yaml_node* value = spec_.find(key);
      if (is_true(value)) add(value, fmt::format("the pod has {}: true", key), true);
    }
    for (const part& each : holders_) {
      const yaml_node* process = at_path(each.of, {"securityContext", "windowsOptions", "hostProcess"});
      if (is_true(process)) add(process, fmt::format("{} has hostProcess: true", each.who), true);
      const yaml_node* privileged = at_path(each.of, {"securityContext", "privileged"});
      if (is_true(privileged)) add(privileged, fmt::format("{} has privileged: true", each.who), true);
    }
  }

  void check_ports(const part& container) {
    for (const yaml_node& each : items_at(container.of, {"ports"})) {
      const yaml_node* port = each.find("hostPort");
      if (number_of(port).value_or(0) != 0)
        add(port, fmt::format("{} takes hostPort {} of its machine", container.who, port->text), true);
    }
  }

  // Only the pod itself may be asked: by another address the kubelet would ask anybody.
  void check_asked_hosts(const part& container) {
    for (const char* key : {"livenessProbe", "readinessProbe", "startupProbe", "postStart", "preStop"}) {
      const yaml_node* hook = at_path(container.of, {"lifecycle", key});
      const yaml_node* asked = hook != nullptr ? hook : container.of->find(key);
      for (const char* way : {"httpGet", "tcpSocket"}) {
        const std::string_view host = text_at(asked, {way, "host"});
        if (!host.empty()) add(asked, fmt::format("{} names the host {} in {}", container.who, host, key));
      }
    }
  }

  void check_volumes() {
    for (const yaml_node& volume : items_at(&spec_, {"volumes"})) {
      for (const auto& source : volume.members) {
        if (is_one_of(source.key, {"name", "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral",
                                   "persistentVolumeClaim", "projected", "secret"}))
          continue;
        out_.push_back(
            {source.key_at,
             fmt::format("the volume {} is of the kind {}", text_at(&volume, {"name"}), source.key),
             source.key == "hostPath"});
      }
    }
  }

  void check_app_armor() {
    if (const yaml_node* annotations = at_path(&pod_, {"metadata", "annotations"})) {
      for (const auto& each : annotations->members) {
        const std::string_view value = each.value.text;
        const bool is_profile = each.key.starts_with("container.apparmor.security.beta.kubernetes.io/");
        if (is_profile && value != "runtime/default" && !value.starts_with("localhost/") && !value.empty())
          add(&each.value, fmt::format("the annotation {} is {}", each.key, value));
      }
    }
    for (const part& each : holders_) {
      const yaml_node* type = at_path(each.of, {"securityContext", "appArmorProfile", "type"});
      if (!is_one_of(text_of(type), {"", "RuntimeDefault", "Localhost"}))
        add(type, fmt::format("{} has the AppArmor profile {}", each.who, text_of(type)));
    }
  }

  void check_se_linux() {
    for (const part& each : holders_) {
      const yaml_node* options = at_path(each.of, {"securityContext", "seLinuxOptions"});
      const std::string_view type = text_at(options, {"type"});
      if (!is_one_of(type, {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}))
        add(options, fmt::format("{} has the SELinux type {}", each.who, type));
      for (const char* key : {"user", "role"}) {
        if (!text_at(options, {key}).empty())
          add(options, fmt::format("{} sets the SELinux {}", each.who, key));
      }
    }
  }

  void check_sysctls() {
    for (const yaml_node& each : items_at(&spec_, {"securityContext", "sysctls"})) {
      const std::string_view name = text_at(&each, {"name"});
      const bool safe = is_one_of(
          name,
          {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
           "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
           "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
           "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
           "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"});
      if (!safe) add(&each, fmt::format("the pod sets the sysctl {}", name));
    }
  }

  void check_proc_mount(const part& container) {
    const yaml_node* kind = at_path(container.of, {"securityContext", "procMount"});
    if (!is_one_of(text_of(kind), {"", "Default"}))
      add(kind, fmt::format("{} has procMount: {}", container.who, text_of(kind)));
  }

  // The pod says it for all, or each container for itself; a container's own word counts more.
  void check_non_root() {
    const bool by_pod = is_true(at_path(&spec_, {"securityContext", "runAsNonRoot"}));
    for (const part& each : containers_) {
      const yaml_node* own = at_path(each.of, {"securityContext", "runAsNonRoot"});
      if (is_false(own) || (!by_pod && !is_true(own)))
        add(each.of,
            fmt::format("{} may run as root: neither it nor the pod has runAsNonRoot: true", each.who));
    }
    for (const part& each : holders_) {
      const yaml_node* user = at_path(each.of, {"securityContext", "runAsUser"});
      if (number_of(user) == 0) add(user, fmt::format("{} has runAsUser: 0", each.who));
    }
  }

  void check_seccomp() {
    const auto type_of = [](const yaml_node* holder) {
      return text_at(holder, {"securityContext", "seccompProfile", "type"});
    };
    const std::string_view by_pod = type_of(&spec_);
    if (!is_one_of(by_pod, {"", "RuntimeDefault", "Localhost"}))
      add(&spec_, fmt::format("the pod has the seccomp profile {}", by_pod));
    for (const part& each : containers_) {
      const std::string_view own = type_of(each.of);
      if (own.empty() && by_pod.empty())
        add(each.of, fmt::format("{} has no seccompProfile, nor has the pod", each.who));
      else if (!is_one_of(own, {"", "RuntimeDefault", "Localhost"}))
        add(each.of, fmt::format("{} has the seccomp profile {}", each.who, own));
    }
  }

  void check_capabilities(const part& container) {
    const yaml_node* capabilities = at_path(container.of, {"securityContext", "capabilities"});
    for (const yaml_node& each : items_at(capabilities, {"add"})) {
      if (each.text != "NET_BIND_SERVICE")
        add(&each, fmt::format("{} adds the capability {}", container.who, each.text));
    }
    const auto& dropped = items_at(capabilities, {"drop"});
    if (std::ranges::find(dropped, "ALL", &yaml_node::text) == dropped.end())
      add(container.of, fmt::format("{} does not drop the capabilities ALL", container.who));
  }

  void check_escalation(const part& container) {
    const yaml_node* allowed = at_path(container.of, {"securityContext", "allowPrivilegeEscalation"});
    if (!is_false(allowed))
      add(allowed != nullptr ? allowed : container.of,
          fmt::format("{} does not have allowPrivilegeEscalation: false", container.who));
  }

  const yaml_node& pod_;
  const yaml_node& spec_;
  std::vector<part> containers_;
  std::vector<part> holders_;  // the pod and its containers: who may have a securityContext
  std::vector<pod_security_violation> out_;
};

}  // namespace

const yaml_node* pod_of(const yaml_node& holder) {
  if (text_at(&holder, {"kind"}) == "Pod") return holder.find("spec") != nullptr ? &holder : nullptr;
  for (const yaml_node* found : {at_path(&holder, {"spec", "jobTemplate", "spec", "template"}),
                                 at_path(&holder, {"spec", "template"}), at_path(&holder, {"template"})}) {
    if (found != nullptr && found->find("spec") != nullptr) return found;
  }
  return nullptr;
}

std::vector<pod_security_violation> pod_security_violations(const yaml_node& holder) {
  const yaml_node* pod = pod_of(holder);
  if (pod == nullptr) return {};
  return pod_review(*pod).take();
}

}  // namespace guildfleet::ops
