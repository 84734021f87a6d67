// Which manifests are applied together.
#pragma once

#include <span>
#include <vector>

#include "ops/check/finding.hpp"

namespace guildfleet::ops {

// One set for each kustomization that no other one refers to, with all that it refers to and what lies in the
// folders of these kustomizations; a base is in the set of each of its overlays. Everything else is one set
// more, and without a kustomization the only one.
[[nodiscard]] std::vector<std::vector<source_text>> kubernetes_sets(std::span<const source_text> files);

}  // namespace guildfleet::ops
