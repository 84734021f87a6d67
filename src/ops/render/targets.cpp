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
  std::array<std::string_view, 5> folders;  // all that it may write into; empty: fewer
};

// A new one is a line here.
constexpr std::array targets = {
    target_entry{"compose", render_compose, {"config", "nginx", "prometheus", "alertmanager", "grafana"}},
    target_entry{"grafana", render_grafana, {"grafana"}},
    target_entry{"kubernetes", render_kubernetes, {"kubernetes"}},
    target_entry{"nginx", render_nginx, {"nginx"}},
    target_entry{"prometheus", render_prometheus, {"prometheus", "alertmanager"}},
    target_entry{"systemd", render_systemd, {"etc/guildfleet", "etc/systemd/system", "etc/sysusers.d"}},
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
  rendering out = found->render(config, *all);
  for (const std::string_view each : found->folders) {
    if (!each.empty()) out.folders.emplace_back(each);
  }
  return out;
}

}  // namespace guildfleet::ops
