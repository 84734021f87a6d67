#include "ops/render/targets.hpp"

#include <algorithm>
#include <array>

#include "ops/render/compose.hpp"
#include "ops/render/grafana.hpp"
#include "ops/render/kubernetes.hpp"
#include "ops/render/nginx.hpp"
#include "ops/render/prometheus.hpp"
#include "ops/render/systemd.hpp"

namespace guildfleet::ops {
namespace {

struct target_entry {
  const char* name;
  rendering (*render)(const fleet_config& config, const deployment& all);
};

// A new one is a line here.
constexpr std::array targets = {
    target_entry{"compose", render_compose},       target_entry{"grafana", render_grafana},
    target_entry{"kubernetes", render_kubernetes}, target_entry{"nginx", render_nginx},
    target_entry{"prometheus", render_prometheus}, target_entry{"systemd", render_systemd},
};

}  // namespace

std::vector<std::string> render_targets() {
  std::vector<std::string> names;
  for (const target_entry& each : targets) names.emplace_back(each.name);
  return names;
}

base::result<rendering> render(std::string_view target, const fleet_config& config) {
  const auto all = deployment_of(config);
  if (!all) return std::unexpected(all.error());
  const auto found = std::ranges::find(targets, target, &target_entry::name);
  return found->render(config, *all);
}

}  // namespace guildfleet::ops
