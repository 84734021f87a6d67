#include "ops/check/kubernetes.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <iterator>
#include <vector>

#include "ops/check/kubernetes_checks.hpp"
#include "ops/check/kubernetes_sets.hpp"
#include "ops/token_text.hpp"

namespace guildfleet::ops {

void kubernetes_review::add(const check_rule& rule, const kubernetes_object& object, base::text_position at,
                            const std::string& detail) {
  found.push_back({&rule, *object.source, at, fmt::format("{}: {}", object.called(), detail)});
}

std::span<const check_rule> kubernetes_rules() {
  return kubernetes_rule::table;
}

namespace {

finding_list check_set(std::span<const source_text> files) {
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

// What a set lacks, another one with the same file may have, such as production beside a canary.
bool tells_of_lack(const finding& found) {
  const std::array<const check_rule*, 4> rules = {
      &kubernetes_rule::no_network_policy, &kubernetes_rule::no_disruption_budget,
      &kubernetes_rule::default_namespace, &kubernetes_rule::service_without_pods};
  return std::ranges::find(rules, found.rule) != rules.end();
}

bool lacks_nothing(const std::vector<source_text>& set, const finding_list& its_findings,
                   const finding& found) {
  const bool is_in = std::ranges::find(set, found.source, &source_text::source) != set.end();
  return is_in && std::ranges::none_of(its_findings, [&](const finding& each) {
           return each.rule == found.rule && each.source == found.source;
         });
}

}  // namespace

finding_list check_kubernetes(std::span<const source_text> files) {
  const auto sets = kubernetes_sets(files);
  std::vector<finding_list> all;
  for (const auto& each : sets) all.push_back(check_set(each));
  finding_list out;
  for (const finding_list& of_set : all) {
    std::ranges::copy_if(of_set, std::back_inserter(out), [&](const finding& found) {
      if (!tells_of_lack(found)) return true;
      for (std::size_t i = 0; i < sets.size(); ++i) {
        if (lacks_nothing(sets[i], all[i], found)) return false;
      }
      return true;
    });
  }
  // What is wrong with a base is found with each overlay.
  if (sets.size() > 1) sort_findings(out);
  return out;
}

}  // namespace guildfleet::ops
