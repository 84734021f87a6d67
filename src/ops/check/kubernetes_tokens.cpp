#include <algorithm>
#include <fmt/format.h>

#include "ops/check/kubernetes_checks.hpp"
#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

namespace rule = kubernetes_rule;

bool runs_as_bot(const kubernetes_workload& workload) {
  return workload.is_bot && workload.runs_on();
}

// Pods and updates of one workload; true when several pods were found, which says all of it.
bool check_replicas(kubernetes_review& review, const kubernetes_workload& workload) {
  const pod_count& pods = workload.pods;
  if (pods.most < 2) return false;
  review.found.push_back({&rule::replicated_token, pods.source, pods.at,
                          fmt::format("{}: {}, and nothing to be seen that keeps the pods apart",
                                      workload.object->called(), pods.why)});
  return true;
}

void check_update(kubernetes_review& review, const kubernetes_workload& workload) {
  if (!updates_overlap(workload)) return;
  const base::yaml_node* strategy = at_path(workload.spec, {"strategy"});
  review.add(rule::overlapping_update, *workload.object,
             strategy != nullptr ? strategy->at : workload.object->node->at,
             strategy != nullptr ? "maxSurge is more than 0"
                                 : "without a strategy it is RollingUpdate, with one pod more");
}

// The workloads that share a token by right: nodes of guildfleet that see each other's leases.
bool may_share(const kubernetes_review& review, const kubernetes_workload& one,
               const kubernetes_workload& other) {
  return leases_of(review.folder, one) == pod_leases::shared &&
         leases_of(review.folder, other) == pod_leases::shared;
}

struct token_owner {
  const kubernetes_workload* workload = nullptr;
  kubernetes_token token;
};

void check_shared(kubernetes_review& review, const std::vector<token_owner>& all) {
  for (auto each = all.begin(); each != all.end(); ++each) {
    const auto earlier = std::find_if(all.begin(), each, [&](const token_owner& other) {
      return other.workload != each->workload && other.token.identity == each->token.identity;
    });
    if (earlier == each || may_share(review, *each->workload, *earlier->workload)) continue;
    review.add(
        rule::shared_token, *each->workload->object, each->token.at,
        fmt::format("it has the token of {} ({})", earlier->workload->object->called(), each->token.shown));
  }
}

}  // namespace

bool updates_overlap(const kubernetes_workload& workload) {
  const std::string_view kind = workload.object->kind;
  if (kind != "Deployment" && kind != "Rollout") return false;
  const std::string_view type = text_at(workload.spec, {"strategy", "type"});
  if (type == "Recreate" || text_at(workload.spec, {"replicas"}) == "0") return false;
  const std::string_view surge = text_at(workload.spec, {"strategy", "rollingUpdate", "maxSurge"});
  return surge != "0" && surge != "0%";
}

void check_kubernetes_tokens(kubernetes_review& review) {
  std::vector<token_owner> owners;
  for (const kubernetes_workload& each : review.workloads) {
    if (!runs_as_bot(each)) continue;
    for (kubernetes_token& token : tokens_of(each)) owners.push_back({&each, std::move(token)});
    if (leases_of(review.folder, each) != pod_leases::none) continue;
    // What a Rollout does beside is told with its weights.
    if (!check_replicas(review, each) && each.object->kind == "Deployment") check_update(review, each);
  }
  check_shared(review, owners);
}

}  // namespace guildfleet::ops
