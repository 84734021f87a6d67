#include "ops/check/kubernetes.hpp"

#include <fmt/format.h>

#include "ops/check/kubernetes_checks.hpp"
#include "ops/token_text.hpp"

namespace guildfleet::ops {

void kubernetes_review::add(const check_rule& rule, const kubernetes_object& object, base::text_position at,
                            const std::string& detail) {
  found.push_back({&rule, *object.source, at, fmt::format("{}: {}", object.called(), detail)});
}

std::span<const check_rule> kubernetes_rules() {
  return kubernetes_rule::table;
}

finding_list check_kubernetes(std::span<const source_text> files) {
  kubernetes_folder folder = read_kubernetes(files);
  const auto workloads = workloads_of(folder);
  kubernetes_review review{folder, workloads, std::move(folder.unreadable)};
  check_kubernetes_tokens(review);
  check_kubernetes_storage(review);
  check_kubernetes_secrets(review);
  check_kubernetes_pods(review);
  check_kubernetes_probes(review);
  check_kubernetes_security(review);
  check_kubernetes_traffic(review);
  check_kubernetes_upkeep(review);
  // Names are shown, and somebody may have pasted a token as one.
  for (finding& each : review.found) each.detail = without_tokens(each.detail);
  return std::move(review.found);
}

}  // namespace guildfleet::ops
