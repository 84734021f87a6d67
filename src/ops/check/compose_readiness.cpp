#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "ops/check/compose_checks.hpp"

namespace guildfleet::ops {
namespace {

constexpr std::chrono::seconds shortest_grace{30};
constexpr std::string_view default_grace = "10s";  // of Compose

std::string health_test(const compose_service& service) {
  const auto* test = service.find("healthcheck.test");
  if (test == nullptr) return {};
  std::string out = test->written;
  for (const auto& item : test->items) out += item.written + " ";
  return out;
}

bool is_switched_off(const compose_service& service) {
  return service.text("healthcheck.disable") == "true" || health_test(service).starts_with("NONE");
}

// guildfleet's image brings one.
bool has_health_check(const compose_service& service) {
  return !is_switched_off(service) && (service.find("healthcheck") != nullptr || service.is_guildfleet());
}

// What a test is run with: "curl" of "CMD curl -f ..." and of "CMD-SHELL curl -f ... || exit 1".
bool runs_program(std::string_view test, std::string_view program) {
  for (std::size_t at = test.find(program); at != std::string_view::npos; at = test.find(program, at + 1)) {
    const char before = at == 0 ? ' ' : test[at - 1];
    const char after = at + program.size() < test.size() ? test[at + program.size()] : ' ';
    if ((before == ' ' || before == '/' || before == '(') && after == ' ') return true;
  }
  return false;
}

// Official images whose content is known. Only what is surely missing is named.
bool surely_lacks(const compose_service& service, std::string_view program) {
  const std::string name = service.image_name();
  const std::string tag = service.image_tag();
  if (service.is_built || service.image.empty()) return false;
  if (service.is_guildfleet() || service.image.contains("distroless") || name == "scratch") return true;
  const bool is_alpine = tag.contains("alpine") || name == "alpine";
  const bool is_slim = tag.contains("slim");
  constexpr std::array<std::string_view, 4> plain = {"postgres", "redis", "mysql", "mariadb"};
  constexpr std::array<std::string_view, 5> languages = {"node", "python", "alpine", "golang", "ruby"};
  const bool is_plain = std::ranges::find(plain, name) != plain.end();
  const bool is_language = std::ranges::find(languages, name) != languages.end();
  if (program == "curl")
    return (is_plain && name != "mysql") || (is_language && (is_alpine || is_slim)) || name == "busybox" ||
           name == "prometheus";
  return (is_plain && !is_alpine) || (is_language && is_slim);
}

// guildfleet rollout weights --watch answers nobody, and nginx goes on without it.
bool writes_weights(const compose_service& service) {
  const base::yaml_node* command = service.find("command");
  return service.is_guildfleet() && command != nullptr && command->items.size() > 1 &&
         command->items[0].text == "rollout" && command->items[1].text == "weights";
}

void check_health(const compose_service& service, compose_findings& out) {
  if (service.find("image") == nullptr && !service.is_built) return;
  if (writes_weights(service)) return;
  if (service.find("extends") != nullptr || runs_once(service)) return;
  if (!has_health_check(service)) {
    out.add(compose_rule::no_health_check, service.place_of("healthcheck"), service.name);
    return;
  }
  const std::string test = health_test(service);
  for (const std::string_view program : {"curl", "wget"}) {
    if (!runs_program(test, program) || !surely_lacks(service, program)) continue;
    out.add(compose_rule::health_check_without_program, service.place_of("healthcheck.test"),
            fmt::format("{}: {} has no {}", service.name, service.image, program));
    return;
  }
}

void check_dependency(const compose_file& file, const compose_service& service, const std::string& on,
                      const std::string& condition, base::text_position at, compose_findings& out) {
  if (condition == "service_healthy" || condition == "service_completed_successfully") return;
  const auto other = std::ranges::find(file.services, on, &compose_service::name);
  if (other == file.services.end() || !is_database(*other)) return;
  out.add(compose_rule::unhealthy_dependency, at,
          fmt::format("{} starts when {} was started, not when it is ready", service.name, on));
}

void check_dependencies(const compose_file& file, const compose_service& service, compose_findings& out) {
  const auto* list = service.find("depends_on");
  if (list == nullptr) return;
  for (const auto& item : list->items) check_dependency(file, service, item.written, "", item.at, out);
  for (const auto& [on, at, value] : list->members) {
    const auto* condition = value.find("condition");
    check_dependency(file, service, on, condition == nullptr ? "" : condition->written, at, out);
  }
}

void check_grace(const compose_service& service, compose_findings& out) {
  if (service.find("image") == nullptr && !service.is_built) return;
  if (tokens_of(service).empty() || runs_once(service) || service.find("extends") != nullptr) return;
  const std::string written = service.text("stop_grace_period");
  if (written.contains('$')) return;
  const auto grace = compose_duration(written.empty() ? default_grace : written);
  if (!grace || *grace >= shortest_grace) return;
  out.add(compose_rule::short_grace, service.place_of("stop_grace_period"),
          fmt::format("{} has {} s{}", service.name, grace->count() / 1000,
                      written.empty() ? ", for nothing is said" : ""));
}

}  // namespace

void check_readiness(const compose_file& file, compose_findings& out) {
  for (const compose_service& service : file.services) {
    check_health(service, out);
    check_dependencies(file, service, out);
    check_grace(service, out);
  }
}

}  // namespace guildfleet::ops
