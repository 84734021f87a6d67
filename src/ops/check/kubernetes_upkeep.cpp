#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "ops/check/kubernetes_checks.hpp"
#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

namespace rule = kubernetes_rule;
using base::yaml_node;

// Kubernetes' own guide to removed APIs; "" stands for every kind of a version.
struct removed_api {
  std::string_view version;
  std::string_view kind;
  std::string_view instead;
  std::string_view since;
};
constexpr std::array<removed_api, 27> removed = {{
    {"extensions/v1beta1", "Deployment", "apps/v1", "1.16"},
    {"extensions/v1beta1", "DaemonSet", "apps/v1", "1.16"},
    {"extensions/v1beta1", "ReplicaSet", "apps/v1", "1.16"},
    {"extensions/v1beta1", "NetworkPolicy", "networking.k8s.io/v1", "1.16"},
    {"extensions/v1beta1", "Ingress", "networking.k8s.io/v1", "1.22"},
    {"extensions/v1beta1", "PodSecurityPolicy", "Pod Security of the namespace", "1.16"},
    {"apps/v1beta1", "", "apps/v1", "1.16"},
    {"apps/v1beta2", "", "apps/v1", "1.16"},
    {"networking.k8s.io/v1beta1", "Ingress", "networking.k8s.io/v1", "1.22"},
    {"networking.k8s.io/v1beta1", "IngressClass", "networking.k8s.io/v1", "1.22"},
    {"rbac.authorization.k8s.io/v1beta1", "", "rbac.authorization.k8s.io/v1", "1.22"},
    {"rbac.authorization.k8s.io/v1alpha1", "", "rbac.authorization.k8s.io/v1", "1.23"},
    {"apiextensions.k8s.io/v1beta1", "", "apiextensions.k8s.io/v1", "1.22"},
    {"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration",
     "admissionregistration.k8s.io/v1", "1.22"},
    {"admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration",
     "admissionregistration.k8s.io/v1", "1.22"},
    {"certificates.k8s.io/v1beta1", "CertificateSigningRequest", "certificates.k8s.io/v1", "1.22"},
    {"scheduling.k8s.io/v1beta1", "", "scheduling.k8s.io/v1", "1.22"},
    {"storage.k8s.io/v1beta1", "StorageClass", "storage.k8s.io/v1", "1.22"},
    {"batch/v1beta1", "CronJob", "batch/v1", "1.25"},
    {"policy/v1beta1", "PodDisruptionBudget", "policy/v1", "1.25"},
    {"policy/v1beta1", "PodSecurityPolicy", "Pod Security of the namespace", "1.25"},
    {"autoscaling/v2beta1", "", "autoscaling/v2", "1.25"},
    {"autoscaling/v2beta2", "", "autoscaling/v2", "1.26"},
    {"discovery.k8s.io/v1beta1", "", "discovery.k8s.io/v1", "1.25"},
    {"events.k8s.io/v1beta1", "", "events.k8s.io/v1", "1.25"},
    {"node.k8s.io/v1beta1", "", "node.k8s.io/v1", "1.25"},
    {"batch/v2alpha1", "CronJob", "batch/v1", "1.21"},
}};

void check_version(kubernetes_review& review, const kubernetes_object& object) {
  const auto found = std::ranges::find_if(removed, [&](const removed_api& each) {
    return each.version == object.version && (each.kind.empty() || each.kind == object.kind);
  });
  if (found != removed.end())
    review.add(rule::removed_version, object, object.node->find("apiVersion")->at,
               fmt::format("{} is gone since {}: {}", object.version, found->since, found->instead));
}

// Named as such, or nothing in the folder names one.
void check_namespace(kubernetes_review& review) {
  bool named = false;
  for (const kubernetes_object& each : review.folder.kustomizations)
    named = named || !each.name_space.empty();
  for (const kubernetes_object& each : review.folder.objects) {
    named = named || !each.name_space.empty() || each.kind == "Namespace";
    if (each.name_space == "default")
      review.add(rule::default_namespace, each, at_path(each.node, {"metadata", "namespace"})->at,
                 "namespace: default");
  }
  if (named || review.workloads.empty()) return;
  const kubernetes_object& first = *review.workloads.front().object;
  review.add(rule::default_namespace, first, first.node->at, "no object of the folder names a namespace");
}

void check_budget(kubernetes_review& review, const kubernetes_workload& workload) {
  const std::string_view kind = workload.object->kind;
  const bool may_be_emptied = kind == "Deployment" || kind == "StatefulSet" || kind == "Rollout";
  if (!may_be_emptied || workload.pods.most < 2) return;
  const bool has =
      std::ranges::any_of(review.folder.of_kind("PodDisruptionBudget"), [&](const kubernetes_object* each) {
        return selects(at_path(each->node, {"spec", "selector"}), workload);
      });
  if (!has)
    review.found.push_back({&rule::no_disruption_budget, workload.pods.source, workload.pods.at,
                            fmt::format("{}: {}", workload.object->called(), workload.pods.why)});
}

std::string command_of(const kubernetes_workload& workload) {
  std::string out;
  for (const kubernetes_container& each : workload.containers) {
    for (const char* key : {"command", "args"}) {
      for (const yaml_node& word : items_at(each.node, {key})) out += word.text + " ";
    }
  }
  return out;
}

// "rollout restart deployment/music" and "delete pod": of a bot, or of what is not to be seen here.
void check_restart(kubernetes_review& review, const kubernetes_workload& workload) {
  if (workload.object->kind != "CronJob") return;
  const std::string command = command_of(workload);
  constexpr std::array ways = {"rollout restart", "delete pod", "delete pods", "--replicas=0",
                               "--replicas 0"};
  const auto way = std::ranges::find_if(ways, [&](const char* each) { return command.contains(each); });
  if (way == ways.end()) return;
  const auto named = [&](const kubernetes_workload& each) {
    return each.object != workload.object && command.contains(each.object->name);
  };
  const auto target = std::ranges::find_if(review.workloads, named);
  if (target != review.workloads.end() && !target->is_bot) return;
  const yaml_node* schedule = at_path(workload.spec, {"schedule"});
  review.add(rule::scheduled_restart, *workload.object,
             schedule != nullptr ? schedule->at : workload.object->node->at,
             fmt::format("{} by schedule \"{}\"", *way, text_of(schedule)));
}

}  // namespace

void check_kubernetes_upkeep(kubernetes_review& review) {
  check_namespace(review);
  for (const kubernetes_object& each : review.folder.objects) check_version(review, each);
  for (const kubernetes_workload& each : review.workloads) {
    check_budget(review, each);
    check_restart(review, each);
  }
}

}  // namespace guildfleet::ops
