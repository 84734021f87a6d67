// Kubernetes' Pod Security level "restricted", as of v1.37: what the API server would refuse.
#pragma once

#include <string>
#include <vector>

namespace YAML {
class Node;  // NOLINT(readability-identifier-naming): yaml-cpp's own
}

namespace guildfleet::ops {

// `holder` is a Pod, or what makes pods by a template (Deployment, StatefulSet, DaemonSet, Job, CronJob,
// ...). One sentence for each violation; none for an object that makes no pods. Any YAML will do: what has
// another form than Kubernetes expects counts as not given.
[[nodiscard]] std::vector<std::string> pod_security_violations(const YAML::Node& holder);

}  // namespace guildfleet::ops
