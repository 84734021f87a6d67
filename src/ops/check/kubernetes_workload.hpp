// What runs pods, as the rules look at it: its containers, how many pods it makes, whether it is a bot, and
// what keeps the pods of one token apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ops/check/kubernetes_folder.hpp"

namespace guildfleet::ops {

// One of env, or a key that envFrom brings in when the folder shows it.
struct kubernetes_variable {
  std::string_view name;
  const base::yaml_node* value = nullptr;  // a text; nullptr: from elsewhere
  std::string origin;                      // "Secret discord, key token"; empty for a text
  base::text_position at;
};

struct kubernetes_container {
  const base::yaml_node* node = nullptr;
  std::string_view name;
  std::string_view image;
  std::vector<kubernetes_variable> variables;
  bool hides_variables = false;  // envFrom of what the folder does not show

  [[nodiscard]] const kubernetes_variable* variable(std::string_view wanted) const;
};

// How many pods there can be at the same time, and where that is said.
struct pod_count {
  std::int64_t most = 1;
  std::string why;  // "replicas: 3"
  std::string source;
  base::text_position at;
};

struct kubernetes_workload {
  const kubernetes_object* object = nullptr;
  const base::yaml_node* spec = nullptr;         // of the workload
  const base::yaml_node* pod = nullptr;          // metadata and spec of a pod
  const base::yaml_node* pod_spec = nullptr;     // never null
  std::vector<kubernetes_container> containers;  // those that run on; without the initial ones
  pod_count pods;
  bool is_bot = false;  // as far as names, images and variables tell

  [[nodiscard]] bool is_guildfleet() const;
  [[nodiscard]] bool runs_on() const;  // no Job and no CronJob
  // Of the containers, the first that has it; nullptr when none has.
  [[nodiscard]] const kubernetes_variable* variable(std::string_view name) const;
  [[nodiscard]] std::string_view label(std::string_view key) const;
};

[[nodiscard]] std::vector<kubernetes_workload> workloads_of(const kubernetes_folder& folder);

// Whether a selector (matchLabels and matchExpressions) takes the pods of a workload. An empty one takes all.
[[nodiscard]] bool selects(const base::yaml_node* selector, const kubernetes_workload& workload);
// The same for the plain labels of a Service.
[[nodiscard]] bool has_labels(const base::yaml_node* labels, const kubernetes_workload& workload);

// A token where a bot takes it from: what it is compared by, and how a person may be told of it.
struct kubernetes_token {
  std::string identity;
  std::string shown;
  base::text_position at;
};
[[nodiscard]] std::vector<kubernetes_token> tokens_of(const kubernetes_workload& workload);

// What keeps two pods of one bot from running the same shard.
enum class pod_leases {
  shared,   // guildfleet with a database
  none,     // every pod runs everything
  unknown,  // it is not to be seen in the folder
};
[[nodiscard]] pod_leases leases_of(const kubernetes_folder& folder, const kubernetes_workload& workload);

// A volume of the pod by its name; nullptr when it has none.
[[nodiscard]] const base::yaml_node* volume_of(const kubernetes_workload& workload, std::string_view name);

// The mount under which a path of a container lies; nullptr: none.
[[nodiscard]] const base::yaml_node* mount_of(const kubernetes_container& container, std::string_view path);

}  // namespace guildfleet::ops
