#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "ops/check/compose_checks.hpp"
#include "ops/check/image_words.hpp"

namespace guildfleet::ops {
namespace {

// Without image and build it only adds to a service of another file.
bool is_whole(const compose_service& service) {
  return service.find("image") != nullptr || service.is_built;
}

void check_image(const compose_service& service, compose_findings& out) {
  if (service.image.empty() || service.is_built) return;
  const std::string tag = service.image_tag();
  if (tag == "@" || tag.contains('$')) return;
  if (tag.empty())
    out.add(compose_rule::unversioned_image, service.place_of("image"),
            fmt::format("{}: {} means {}:latest", service.name, service.image, service.image));
  else if (is_moving_tag(tag))
    out.add(compose_rule::unversioned_image, service.place_of("image"),
            fmt::format("{}: {}", service.name, service.image));
}

// json-file and what stands in for it keep everything unless they are told otherwise.
bool has_bounded_logs(const compose_service& service) {
  const std::string driver = service.text("logging.driver");
  if (!driver.empty() && driver != "json-file") return true;
  return service.find("logging.options.max-size") != nullptr;
}

void check_restart(const compose_service& service, compose_findings& out) {
  if (service.find("restart") != nullptr || service.find("deploy.restart_policy") != nullptr) return;
  out.add(compose_rule::no_restart, service.at, service.name);
}

}  // namespace

void check_upkeep(const compose_file& file, compose_findings& out) {
  for (const compose_service& service : file.services) {
    check_image(service, out);
    if (!is_whole(service) || service.find("extends") != nullptr) continue;
    check_restart(service, out);
    if (runs_once(service)) continue;
    if (service.find("mem_limit") == nullptr && service.find("deploy.resources.limits.memory") == nullptr)
      out.add(compose_rule::no_memory_limit, service.at, service.name);
    if (!has_bounded_logs(service)) out.add(compose_rule::unbounded_logs, service.at, service.name);
  }
}

}  // namespace guildfleet::ops
