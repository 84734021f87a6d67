#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "ops/check/image_words.hpp"
#include "ops/check/kubernetes_checks.hpp"
#include "ops/check/store_words.hpp"
#include "ops/pod_security.hpp"
#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

namespace rule = kubernetes_rule;
using base::yaml_node;

void check_restricted(kubernetes_review& review, const kubernetes_workload& workload) {
  for (const pod_security_violation& each : pod_security_violations(*workload.object->node))
    review.add(each.opens_host ? rule::open_host : rule::unrestricted_pod, *workload.object, each.at,
               each.text);
}

// An account that is bound to rights is there to be used.
bool needs_account(const kubernetes_folder& folder, std::string_view account) {
  const auto binds = [account](const kubernetes_object* each) {
    const auto& subjects = items_at(each->node, {"subjects"});
    return std::ranges::any_of(
        subjects, [account](const yaml_node& subject) { return text_at(&subject, {"name"}) == account; });
  };
  return std::ranges::any_of(folder.of_kind("RoleBinding"), binds) ||
         std::ranges::any_of(folder.of_kind("ClusterRoleBinding"), binds);
}

void check_account(kubernetes_review& review, const kubernetes_workload& workload) {
  const yaml_node* mounts = workload.pod_spec->find("automountServiceAccountToken");
  if (is_false(mounts)) return;
  const std::string_view written = text_at(workload.pod_spec, {"serviceAccountName"});
  const std::string_view account = written.empty() ? "default" : written;
  const kubernetes_object* object = review.folder.find("ServiceAccount", account);
  const bool by_account = object != nullptr && is_false(object->node->find("automountServiceAccountToken"));
  if ((by_account && mounts == nullptr) || needs_account(review.folder, account)) return;
  review.add(rule::mounted_account, *workload.object, mounts != nullptr ? mounts->at : workload.pod_spec->at,
             fmt::format("every container gets the token of the account {}", account));
}

void check_policies(kubernetes_review& review) {
  for (const kubernetes_object& each : review.folder.objects) {
    if (each.kind.ends_with("NetworkPolicy")) return;
  }
  const kubernetes_object& first = *review.workloads.front().object;
  review.add(rule::no_network_policy, first, first.node->at, "the folder has none at all");
}

// What a port shows that nobody outside is to see; empty: nothing that is known.
std::string_view private_part(const yaml_node& port) {
  for (const char* key : {"port", "targetPort"}) {
    const std::string_view number = text_at(&port, {key});
    if (const std::string_view database = database_of_port(number); !database.empty()) return database;
    if (number == "9090") return "Prometheus";
    if (number == "9093") return "Alertmanager";
    if (number == "9100" || number == "9187") return "metrics";
  }
  const std::string_view name = text_at(&port, {"name"});
  return name.contains("metrics") ? "metrics" : std::string_view();
}

std::string_view private_part(const kubernetes_review& review, const yaml_node* selector) {
  if (selector == nullptr) return {};
  for (const kubernetes_workload& workload : review.workloads) {
    if (!has_labels(selector, workload)) continue;
    for (const kubernetes_container& each : workload.containers) {
      if (is_database_image(each.image)) return "a database";
    }
    if (workload.is_bot && workload.is_guildfleet()) return "metrics of a bot";
  }
  return {};
}

void check_service(kubernetes_review& review, const kubernetes_object& service) {
  const yaml_node* type = at_path(service.node, {"spec", "type"});
  const yaml_node* addresses = at_path(service.node, {"spec", "externalIPs"});
  const bool outside = text_of(type) == "NodePort" || text_of(type) == "LoadBalancer";
  if (!outside && addresses == nullptr) return;
  std::string_view shown = private_part(review, at_path(service.node, {"spec", "selector"}));
  for (const yaml_node& each : items_at(service.node, {"spec", "ports"})) {
    if (shown.empty()) shown = private_part(each);
  }
  if (shown.empty()) return;
  review.add(rule::published_service, service, outside ? type->at : addresses->at,
             fmt::format("{} shows {}", outside ? type->text : "externalIPs", shown));
}

}  // namespace

void check_kubernetes_security(kubernetes_review& review) {
  for (const kubernetes_workload& each : review.workloads) {
    check_restricted(review, each);
    check_account(review, each);
  }
  if (!review.workloads.empty()) check_policies(review);
  for (const kubernetes_object* each : review.folder.of_kind("Service")) check_service(review, *each);
}

}  // namespace guildfleet::ops
