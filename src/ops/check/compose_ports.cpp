#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "ops/check/compose_checks.hpp"
#include "ops/check/image_words.hpp"
#include "ops/check/store_words.hpp"

namespace guildfleet::ops {
namespace {

constexpr std::array<std::string_view, 8> watchers = {
    "prometheus", "alertmanager", "grafana", "cadvisor", "node-exporter", "loki", "pushgateway", "jaeger"};

bool is_watcher(const compose_service& service) {
  const std::string name = service.image_name();
  return name.contains("exporter") || std::ranges::any_of(watchers, [&](std::string_view each) {
           return name == each || name.starts_with(std::string(each) + "-");
         });
}

std::string shown(const compose_port& port) {
  return port.host.empty() ? fmt::format("port {}", port.container)
                           : fmt::format("port {} as {}", port.container, port.host);
}

void check_published(const compose_service& service, compose_findings& out) {
  for (const compose_port& each : service.ports) {
    if (!each.is_public()) continue;
    const bool of_database = is_database(service) || !database_of_port(each.container).empty();
    const std::string detail = fmt::format("{}: {}", service.name, shown(each));
    if (of_database)
      out.add(compose_rule::published_database, each.at, detail);
    else if (is_watcher(service))
      out.add(compose_rule::published_monitoring, each.at, detail);
    else if (!tokens_of(service).empty())
      out.add(compose_rule::published_bot, each.at, detail);
  }
}

struct port_range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || value > 65'535) return std::nullopt;
  return value;
}

std::optional<port_range> range_of(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = number(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : number(text.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return port_range{*first, *last};
}

struct taken_port {
  const compose_service* service = nullptr;
  port_range range;
  std::string address;
  std::string protocol;
  base::text_position at;
};

bool collide(const taken_port& one, const taken_port& other) {
  const auto everywhere = [](const std::string& address) { return address.empty() || address == "0.0.0.0"; };
  const bool same_address =
      one.address == other.address || everywhere(one.address) || everywhere(other.address);
  return same_address && one.protocol == other.protocol && one.range.first <= other.range.last &&
         other.range.first <= one.range.last;
}

// Services of different profiles are often meant one instead of the other.
bool may_run_together(const compose_service& one, const compose_service& other) {
  return one.find("profiles") == nullptr && other.find("profiles") == nullptr;
}

std::vector<taken_port> ports_of(const compose_file& file) {
  std::vector<taken_port> out;
  for (const compose_service& service : file.services) {
    for (const compose_port& each : service.ports) {
      if (const auto range = range_of(each.host))
        out.push_back({&service, *range, each.address, each.protocol, each.at});
    }
    const compose_variable* port = service.variable("PORT");
    if (port == nullptr || service.text("network_mode") != "host") continue;
    if (const auto range = range_of(service.value_of("PORT")))
      out.push_back({&service, *range, "", "tcp", port->at});
  }
  return out;
}

}  // namespace

bool is_database(const compose_service& service) {
  return is_database_image(service.image);
}

void check_ports(const compose_file& file, compose_findings& out) {
  for (const compose_service& each : file.services) check_published(each, out);
  const auto taken = ports_of(file);
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const auto earlier = std::ranges::find_if(
        taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(i), [&](const taken_port& each) {
          return collide(each, taken[i]) && may_run_together(*each.service, *taken[i].service);
        });
    if (earlier == taken.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    out.add(compose_rule::same_port, taken[i].at,
            fmt::format("{} takes port {}, as {} does (line {})", taken[i].service->name,
                        taken[i].range.first, earlier->service->name, earlier->at.line));
  }
}

}  // namespace guildfleet::ops
