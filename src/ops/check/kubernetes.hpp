// Kubernetes objects that a person brings, against the rules GF3xx.
#pragma once

#include "ops/check/finding.hpp"

namespace guildfleet::ops {

// The files belong together: an object of one may be meant by another.
[[nodiscard]] finding_list check_kubernetes(std::span<const source_text> files);

}  // namespace guildfleet::ops
