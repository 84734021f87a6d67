#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "ops/check/bot_words.hpp"
#include "ops/check/kubernetes_checks.hpp"
#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

namespace rule = kubernetes_rule;
using base::yaml_node;

// The load balancer in front, or an annotation, may have the certificate.
bool has_certificate_elsewhere(const kubernetes_object& ingress) {
  const yaml_node* annotations = at_path(ingress.node, {"metadata", "annotations"});
  if (annotations == nullptr) return false;
  return std::ranges::any_of(annotations->members, [](const base::yaml_member& each) {
    return each.key.contains("certificate") || each.key.contains("pre-shared-cert") ||
           each.key.contains("ssl-cert") || (each.key.ends_with("router.tls") && is_true(&each.value));
  });
}

// Without the name of a host there is nothing that a certificate could be for.
void check_ingress(kubernetes_review& review, const kubernetes_object& ingress) {
  if (!items_at(ingress.node, {"spec", "tls"}).empty() || has_certificate_elsewhere(ingress)) return;
  for (const yaml_node& each : items_at(ingress.node, {"spec", "rules"})) {
    const yaml_node* host = each.find("host");
    if (text_of(host).empty() || text_of(host).ends_with(".local")) continue;
    review.add(rule::plain_ingress, ingress, host->at, host->text);
    return;
  }
}

bool is_service_of_bot(const kubernetes_review& review, std::string_view name) {
  const kubernetes_object* service = review.folder.find("Service", name);
  if (service == nullptr) return names_bot(name);
  const yaml_node* selector = at_path(service->node, {"spec", "selector"});
  return selector != nullptr && std::ranges::any_of(review.workloads, [&](const kubernetes_workload& each) {
           return each.is_bot && has_labels(selector, each);
         });
}

// The names that stand anywhere below as `key: name` beside a weight.
const yaml_node* weighted_bot(const kubernetes_review& review, const yaml_node& node) {
  const std::string_view host = text_at(&node, {"destination", "host"});
  const std::string_view name = host.empty() ? text_at(&node, {"name"}) : host.substr(0, host.find('.'));
  const yaml_node* weight = node.find("weight");
  const std::string_view amount = text_of(weight);
  if (!amount.empty() && amount != "100" && amount != "0" && is_service_of_bot(review, name)) return weight;
  for (const yaml_node& each : node.items) {
    if (const yaml_node* found = weighted_bot(review, each)) return found;
  }
  for (const auto& each : node.members) {
    if (const yaml_node* found = weighted_bot(review, each.value)) return found;
  }
  return nullptr;
}

void check_canary_ingress(kubernetes_review& review, const kubernetes_object& ingress) {
  const yaml_node* weight =
      at_path(ingress.node, {"metadata", "annotations", "nginx.ingress.kubernetes.io/canary-weight"});
  if (weight == nullptr) return;
  for (const yaml_node& each : items_at(ingress.node, {"spec", "rules"})) {
    for (const yaml_node& path : items_at(&each, {"http", "paths"})) {
      if (!is_service_of_bot(review, text_at(&path, {"backend", "service", "name"}))) continue;
      review.add(rule::weights_of_bots, ingress, weight->at, fmt::format("canary-weight {}", weight->text));
      return;
    }
  }
}

void check_weights(kubernetes_review& review, const kubernetes_object& object) {
  if (object.kind == "Ingress") check_canary_ingress(review, object);
  if (object.kind == "Canary") {
    const yaml_node* target = at_path(object.node, {"spec", "targetRef"});
    const std::string_view name = text_at(target, {"name"});
    const bool of_bot = std::ranges::any_of(review.workloads, [&](const kubernetes_workload& each) {
      return each.object->name == name && each.is_bot;
    });
    if (of_bot || (target != nullptr && review.workloads.empty() && names_bot(name)))
      review.add(rule::weights_of_bots, object, target->at,
                 fmt::format("Flagger weighs requests to {}", name));
  }
  constexpr std::array routes = {"HTTPRoute", "VirtualService", "TraefikService", "IngressRoute",
                                 "TrafficSplit"};
  if (std::ranges::find(routes, object.kind) == routes.end()) return;
  if (const yaml_node* weight = weighted_bot(review, *object.node))
    review.add(rule::weights_of_bots, object, weight->at, fmt::format("weight {}", weight->text));
}

void check_rollout(kubernetes_review& review, const kubernetes_workload& workload) {
  const yaml_node* canary = at_path(workload.spec, {"strategy", "canary"});
  if (workload.object->kind == "Rollout" && workload.is_bot && canary != nullptr)
    review.add(rule::weights_of_bots, *workload.object, canary->at,
               "setWeight moves requests, or starts more pods");
}

bool has_port(const kubernetes_workload& workload, std::string_view name) {
  return std::ranges::any_of(workload.containers, [&](const kubernetes_container& each) {
    const auto& ports = items_at(each.node, {"ports"});
    return std::ranges::any_of(ports,
                               [&](const yaml_node& port) { return text_at(&port, {"name"}) == name; });
  });
}

void check_service(kubernetes_review& review, const kubernetes_object& service) {
  const yaml_node* selector = at_path(service.node, {"spec", "selector"});
  if (selector == nullptr || selector->members.empty() || review.workloads.empty()) return;
  const auto found = std::ranges::find_if(
      review.workloads, [&](const kubernetes_workload& each) { return has_labels(selector, each); });
  if (found == review.workloads.end()) {
    review.add(rule::service_without_pods, service, selector->at, "its selector fits no pods of this folder");
    return;
  }
  for (const yaml_node& each : items_at(service.node, {"spec", "ports"})) {
    const yaml_node* target = each.find("targetPort");
    if (target == nullptr || number_of(target) || has_port(*found, target->text)) continue;
    review.add(rule::service_without_pods, service, target->at,
               fmt::format("{} has no port of the name {}", found->object->called(), target->text));
  }
}

void check_own_selector(kubernetes_review& review, const kubernetes_workload& workload) {
  constexpr std::array kinds = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout"};
  if (std::ranges::find(kinds, workload.object->kind) == kinds.end()) return;
  const yaml_node* selector = at_path(workload.spec, {"selector"});
  if (selector == nullptr || !selects(selector, workload))
    review.add(rule::own_selector, *workload.object, selector != nullptr ? selector->at : workload.spec->at,
               selector != nullptr ? "the template lacks a label of the selector" : "it has no selector");
}

}  // namespace

void check_kubernetes_traffic(kubernetes_review& review) {
  for (const kubernetes_object& each : review.folder.objects) {
    if (each.kind == "Ingress") check_ingress(review, each);
    if (each.kind == "Service") check_service(review, each);
    check_weights(review, each);
  }
  for (const kubernetes_workload& each : review.workloads) {
    check_rollout(review, each);
    check_own_selector(review, each);
  }
}

}  // namespace guildfleet::ops
