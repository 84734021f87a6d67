#include "ops/check/compose_file.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <set>

#include "base/variables.hpp"
#include "ops/check/compose_extends.hpp"
#include "ops/check/image_words.hpp"
#include "ops/check/secret_words.hpp"

namespace guildfleet::ops {
namespace {

using base::yaml_node;
using kind = yaml_node::node_kind;

std::string text_of(const yaml_node* node) {
  return node != nullptr && node->kind == kind::scalar ? with_defaults(node->written) : std::string();
}

// Takes variables in, the first of a name only.
class variable_list final {
 public:
  explicit variable_list(std::vector<compose_variable>& out) : out_(out) {}

  void add(compose_variable variable) {
    if (!variable.name.empty() && names_.insert(variable.name).second) out_.push_back(std::move(variable));
  }

 private:
  std::vector<compose_variable>& out_;
  std::set<std::string> names_;
};

void read_environment(const yaml_node& node, variable_list& out) {
  for (const auto& [name, name_at, value] : node.members) {
    auto written = value.kind == kind::scalar ? std::optional(value.written) : std::nullopt;
    out.add({name, std::move(written), name_at, ""});
  }
  for (const auto& item : node.items) {
    const std::size_t equals = item.written.find('=');
    auto value = equals == std::string::npos ? std::nullopt : std::optional(item.written.substr(equals + 1));
    out.add({item.written.substr(0, equals), std::move(value), item.at, ""});
  }
}

// Of one or several, each a path or a mapping with one.
std::vector<std::pair<std::string, base::text_position>> paths_in(const yaml_node* node) {
  std::vector<std::pair<std::string, base::text_position>> out;
  if (node == nullptr) return out;
  if (node->kind == kind::scalar) out.emplace_back(node->written, node->at);
  for (const auto& item : node->items) {
    const yaml_node* path = item.kind == kind::mapping ? item.find("path") : &item;
    if (path != nullptr && path->kind == kind::scalar) out.emplace_back(path->written, path->at);
  }
  return out;
}

void read_env_files(const std::map<std::string, std::string>& env_files, const compose_service& service,
                    variable_list& out) {
  auto paths = paths_in(service.node->find("env_file"));
  // A later file counts more.
  std::ranges::reverse(paths);
  for (const auto& [path, at] : paths) {
    const auto found = env_files.find(path);
    if (found == env_files.end()) continue;
    base::problem_list ignored;
    for (auto& [name, value] : base::parse_env_file(found->second, path, ignored))
      out.add({name, value, at, path});
  }
}

bool is_path(std::string_view source) {
  return source.starts_with('.') || source.starts_with('/') || source.starts_with('~');
}

std::string without_last_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

compose_mount mount_from(const yaml_node& item) {
  compose_mount out;
  out.at = item.at;
  if (item.kind == kind::mapping) {
    const std::string type = text_of(item.find("type"));
    out.source = text_of(item.find("source"));
    out.target = without_last_slash(text_of(item.find("target")));
    out.is_volume = type == "volume" || (type.empty() && !is_path(out.source));
    out.is_kept = type != "tmpfs";
    return out;
  }
  const std::string text = text_of(&item);
  const std::size_t first = text.find(':');
  if (first == std::string::npos) {
    out.target = without_last_slash(text);
  } else {
    out.source = text.substr(0, first);
    const std::string rest = text.substr(first + 1);
    out.target = without_last_slash(rest.substr(0, rest.find(':')));
  }
  out.is_volume = !is_path(out.source);
  return out;
}

void read_mounts(compose_service& service) {
  if (const auto* list = service.node->find("volumes"); list != nullptr) {
    for (const auto& item : list->items) service.mounts.push_back(mount_from(item));
  }
  const auto add_tmpfs = [&](const yaml_node& item) {
    const std::string text = text_of(&item);
    service.mounts.push_back({"", without_last_slash(text.substr(0, text.find(':'))), false, false, item.at});
  };
  const auto* tmpfs = service.node->find("tmpfs");
  if (tmpfs == nullptr) return;
  if (tmpfs->kind == kind::scalar) add_tmpfs(*tmpfs);
  for (const auto& item : tmpfs->items) add_tmpfs(item);
}

// [address:][host:]container[/protocol]; an IPv6 address in brackets.
compose_port port_from_text(std::string text) {
  compose_port out;
  if (const std::size_t slash = text.rfind('/'); slash != std::string::npos) {
    out.protocol = text.substr(slash + 1);
    text.resize(slash);
  }
  const std::size_t last = text.rfind(':');
  out.container = text.substr(last == std::string::npos ? 0 : last + 1);
  if (last == std::string::npos) return out;
  text.resize(last);
  const std::size_t before = text.ends_with(']') ? std::string::npos : text.rfind(':');
  out.host = text.substr(before == std::string::npos ? 0 : before + 1);
  if (before != std::string::npos) out.address = text.substr(0, before);
  if (out.address.starts_with('[') && out.address.ends_with(']'))
    out.address = out.address.substr(1, out.address.size() - 2);
  return out;
}

void read_ports(compose_service& service) {
  const auto* list = service.node->find("ports");
  if (list == nullptr) return;
  for (const auto& item : list->items) {
    compose_port port;
    if (item.kind == kind::mapping) {
      port.address = text_of(item.find("host_ip"));
      port.host = text_of(item.find("published"));
      port.container = text_of(item.find("target"));
      if (const auto* protocol = item.find("protocol"); protocol != nullptr)
        port.protocol = text_of(protocol);
    } else {
      port = port_from_text(text_of(&item));
    }
    port.at = item.at;
    if (!port.container.empty()) service.ports.push_back(std::move(port));
  }
}

void read_secrets(compose_service& service) {
  const auto* list = service.node->find("secrets");
  if (list == nullptr) return;
  for (const auto& item : list->items) {
    const bool is_long = item.kind == kind::mapping;
    const std::string name = text_of(is_long ? item.find("source") : &item);
    std::string target = is_long ? text_of(item.find("target")) : "";
    if (target.empty()) target = name;
    if (!target.starts_with('/')) target.insert(0, "/run/secrets/");
    if (!name.empty()) service.secrets.push_back({name, target, item.at});
  }
}

// What is compared with one another is bounded: services, and all that they list.
constexpr std::size_t max_services = 1'000;
constexpr std::size_t max_entries = 10'000;

std::size_t entries_of(const yaml_node& service) {
  std::size_t out = 0;
  for (const char* key : {"environment", "env_file", "ports", "volumes", "tmpfs", "secrets"}) {
    const auto* list = service.find(key);
    if (list != nullptr) out += list->items.size() + list->members.size();
  }
  return out;
}

compose_service read_service(const base::yaml_member& member,
                             const std::map<std::string, std::string>& env_files) {
  compose_service service;
  service.name = member.key;
  service.at = member.key_at;
  service.node = &member.value;
  service.image = service.text("image");
  if (service.image.contains('$')) service.image.clear();
  service.is_built = service.find("build") != nullptr;
  variable_list variables(service.variables);
  if (const auto* environment = member.value.find("environment"); environment != nullptr)
    read_environment(*environment, variables);
  read_env_files(env_files, service, variables);
  read_mounts(service);
  read_ports(service);
  read_secrets(service);
  return service;
}

compose_volume read_volume(const base::yaml_member& member) {
  compose_volume volume;
  volume.name = member.key;
  volume.at = member.key_at;
  volume.driver = text_of(member.value.find("driver"));
  if (const auto* options = member.value.find("driver_opts"); options != nullptr) {
    volume.type = text_of(options->find("type"));
    volume.device = text_of(options->find("device")) + " " + text_of(options->find("o"));
  }
  return volume;
}

}  // namespace

bool compose_port::is_public() const {
  return !address.starts_with("127.") && address != "::1" && address != "localhost";
}

const yaml_node* compose_service::find(std::string_view path) const {
  const yaml_node* at_node = node;
  while (at_node != nullptr && !path.empty()) {
    const std::size_t end = std::min(path.find('.'), path.size());
    at_node = at_node->find(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return at_node != nullptr && at_node->kind == kind::null ? nullptr : at_node;
}

std::string compose_service::text(std::string_view path) const {
  return text_of(find(path));
}

base::text_position compose_service::place_of(std::string_view path) const {
  const yaml_node* found = find(path);
  return found == nullptr ? at : found->at;
}

const compose_variable* compose_service::variable(std::string_view wanted) const {
  const auto found = std::ranges::find(variables, wanted, &compose_variable::name);
  return found == variables.end() ? nullptr : &*found;
}

std::string compose_service::value_of(std::string_view wanted) const {
  const compose_variable* found = variable(wanted);
  return found == nullptr || !found->value ? std::string() : with_defaults(*found->value);
}

std::string compose_service::image_name() const {
  return std::string(image_short_name(image));
}

std::string compose_service::image_tag() const {
  return std::string(ops::image_tag(image));
}

bool compose_service::is_guildfleet() const {
  return image_name().contains("guildfleet");
}

const compose_mount* compose_service::mount_of(std::string_view path) const {
  const compose_mount* best = nullptr;
  for (const compose_mount& each : mounts) {
    const bool inside = path == each.target || each.target == "/" ||
                        (path.starts_with(each.target) && path.substr(each.target.size()).starts_with('/'));
    if (inside && !each.target.empty() && (best == nullptr || each.target.size() > best->target.size()))
      best = &each;
  }
  return best;
}

std::optional<compose_file> read_compose(const source_text& file,
                                         const std::map<std::string, std::string>& env_files,
                                         base::problem_list& problems) {
  const auto refuse = [&](std::string message) {
    problems.push_back({base::severity::error, file.source, {}, std::move(message), ""});
    return std::nullopt;
  };
  auto documents = base::parse_foreign_yaml(file.text, file.source, problems);
  if (!documents) return std::nullopt;
  if (documents->size() != 1) return refuse("a Compose file holds one document");
  compose_file out;
  out.root = std::move(documents->front());
  const auto top = std::ranges::find(out.root.members, "services", &base::yaml_member::key);
  if (top != out.root.members.end() && top->value.kind == kind::null) return refuse("services: is empty");
  if (top == out.root.members.end() || top->value.kind != kind::mapping)
    return refuse("it has no services: at the top");
  if (!resolve_extends(top->value, file.source, problems)) return std::nullopt;
  const auto* services = &top->value;
  std::size_t entries = 0;
  for (const auto& member : services->members) entries += entries_of(member.value);
  if (services->members.size() > max_services || entries > max_entries)
    return refuse(fmt::format("more than {} services or {} entries in them", max_services, max_entries));
  for (const auto& member : services->members) out.services.push_back(read_service(member, env_files));
  if (const auto* volumes = out.root.find("volumes"); volumes != nullptr) {
    for (const auto& member : volumes->members) out.volumes.push_back(read_volume(member));
  }
  return out;
}

std::vector<std::string> env_files_of(const source_text& file) {
  base::problem_list ignored;
  std::vector<std::string> out;
  const auto read = read_compose(file, {}, ignored);
  if (!read) return out;
  for (const compose_service& service : read->services) {
    for (auto& [path, at] : paths_in(service.find("env_file"))) {
      if (std::ranges::find(out, path) == out.end()) out.push_back(std::move(path));
    }
  }
  return out;
}

std::optional<std::chrono::milliseconds> compose_duration(std::string_view text) {
  constexpr double most = 1e9;
  double total = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || !(number >= 0 && number <= most) || total > most) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit_end = std::ranges::find_if_not(text, [](char c) { return c >= 'a' && c <= 'z'; });
    const std::string_view unit = text.substr(0, static_cast<std::size_t>(unit_end - text.begin()));
    text.remove_prefix(unit.size());
    if (unit == "h")
      total += number * 3'600'000;
    else if (unit == "m")
      total += number * 60'000;
    else if (unit == "s")
      total += number * 1'000;
    else if (unit == "ms")
      total += number;
    else if (unit != "us" && unit != "ns")
      return std::nullopt;
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(total));
}

}  // namespace guildfleet::ops
