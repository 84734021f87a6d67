// Kubernetes' Pod Security level "restricted", as of v1.37: what the API server would refuse.
#pragma once

#include <string>
#include <vector>

#include "base/yaml_document.hpp"

namespace guildfleet::ops {

struct pod_security_violation {
  base::text_position at;   // of the container, volume or value that it is about
  std::string text;         // a sentence: "container web has privileged: true"
  bool opens_host = false;  // gives the pod a part of its machine: its network, files, processes
  bool operator==(const pod_security_violation&) const = default;
};

// `holder` is a Pod, or what makes pods by a template (Deployment, StatefulSet, DaemonSet, Job, CronJob,
// ...). None for an object that makes no pods. Any YAML will do: what has another form than Kubernetes
// expects counts as not given.
[[nodiscard]] std::vector<pod_security_violation> pod_security_violations(const base::yaml_node& holder);

// The pod that an object is or makes: what has `metadata` and `spec`. nullptr when it makes none. Lives as
// long as `holder`.
[[nodiscard]] const base::yaml_node* pod_of(const base::yaml_node& holder);

}  // namespace guildfleet::ops
