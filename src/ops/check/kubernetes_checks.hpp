// The parts of check_kubernetes; each looks at the whole folder for some of the rules.
#pragma once

#include <string>
#include <vector>

#include "ops/check/kubernetes_rules.hpp"
#include "ops/check/kubernetes_workload.hpp"

namespace guildfleet::ops {

// A folder under review.
struct kubernetes_review {
  const kubernetes_folder& folder;
  const std::vector<kubernetes_workload>& workloads;
  finding_list found;

  // `detail` begins behind the object's kind and name.
  void add(const check_rule& rule, const kubernetes_object& object, base::text_position at,
           const std::string& detail);
};

// Whether an update starts a pod before it ends the one that it replaces.
[[nodiscard]] bool updates_overlap(const kubernetes_workload& workload);

void check_kubernetes_tokens(kubernetes_review& review);    // replicas, shared tokens, overlapping updates
void check_kubernetes_storage(kubernetes_review& review);   // SQLite, volumes, databases
void check_kubernetes_secrets(kubernetes_review& review);   // written down, default, TLS
void check_kubernetes_pods(kubernetes_review& review);      // images, memory, time to stop
void check_kubernetes_probes(kubernetes_review& review);    // missing, too deep, the same
void check_kubernetes_security(kubernetes_review& review);  // Pod Security, accounts, policies
void check_kubernetes_traffic(kubernetes_review& review);   // Services, Ingresses, weights, selectors
void check_kubernetes_upkeep(kubernetes_review& review);    // namespaces, versions, budgets, restarts

}  // namespace guildfleet::ops
