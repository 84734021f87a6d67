#include "ops/check/compose_extends.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace guildfleet::ops {
namespace {

using base::yaml_node;
using kind = yaml_node::node_kind;

constexpr std::size_t max_nodes = 100'000;  // taken over, in a whole file
constexpr std::size_t max_chain = 32;

// Lists of which the own one counts alone.
constexpr std::array<std::string_view, 3> whole_lists = {"command", "entrypoint", "test"};

const yaml_node* extends_of(const yaml_node& service) {
  const yaml_node* found = service.find("extends");
  return found != nullptr && found->kind != kind::null ? found : nullptr;
}

// Empty: another file's, or none.
std::string service_named_by(const yaml_node& extends) {
  if (extends.kind == kind::scalar) return extends.written;
  const yaml_node* name = extends.find("service");
  return name == nullptr || extends.find("file") != nullptr ? std::string() : name->written;
}

std::size_t nodes_in(const yaml_node& node) {
  std::size_t out = 1;
  for (const yaml_node& each : node.items) out += nodes_in(each);
  for (const auto& each : node.members) out += nodes_in(each.value);
  return out;
}

// [A=1] becomes { A: 1 }, so that it can be joined with one.
yaml_node as_mapping(const yaml_node& list) {
  yaml_node out;
  out.kind = kind::mapping;
  out.at = list.at;
  for (const yaml_node& each : list.items) {
    const std::size_t equals = each.written.find('=');
    yaml_node value = each;
    if (equals == std::string::npos) {
      value.kind = kind::null;
      value.written.clear();
    } else {
      value.written.erase(0, equals + 1);
    }
    value.text = value.written;
    std::string name = each.written.substr(0, equals);
    if (out.find(name) == nullptr) out.members.push_back({std::move(name), each.at, std::move(value)});
  }
  return out;
}

void take_over(yaml_node& own, const yaml_node& base, std::string_view key) {
  if (own.kind == kind::sequence && base.kind == kind::mapping) own = as_mapping(own);
  if (own.kind == kind::mapping && base.kind == kind::sequence) {
    take_over(own, as_mapping(base), key);
    return;
  }
  if (own.kind == kind::sequence && base.kind == kind::sequence &&
      std::ranges::find(whole_lists, key) == whole_lists.end())
    std::ranges::copy(base.items, std::back_inserter(own.items));
  if (own.kind != kind::mapping || base.kind != kind::mapping) return;
  for (const auto& each : base.members) {
    const auto found = std::ranges::find(own.members, each.key, &base::yaml_member::key);
    if (found == own.members.end())
      own.members.push_back(each);
    else
      take_over(found->value, each.value, each.key);
  }
}

class extends_resolver final {
 public:
  extends_resolver(yaml_node& services, const std::string& source, base::problem_list& problems)
      : services_(services), source_(source), problems_(problems) {}

  [[nodiscard]] bool run() {
    return std::ranges::all_of(services_.members,
                               [this](auto& each) { return resolve(each.key, each.value, 0); });
  }

 private:
  bool refuse(base::text_position at, std::string message) {
    problems_.push_back({base::severity::error, source_, at, std::move(message), ""});
    return false;
  }

  [[nodiscard]] bool resolve(const std::string& name, yaml_node& service, std::size_t depth) {
    const yaml_node* extends = extends_of(service);
    if (extends == nullptr) return true;
    const std::string from = service_named_by(*extends);
    const base::text_position at = extends->at;
    if (from.empty()) return true;
    if (depth >= max_chain || !open_.insert(name).second)
      return refuse(at, fmt::format("extends of {} leads back to itself, or further than {} services", name,
                                    max_chain));
    const auto base = std::ranges::find(services_.members, from, &base::yaml_member::key);
    if (base == services_.members.end())
      return refuse(at, fmt::format("{} extends {}, which is no service of this file", name, from));
    if (!resolve(base->key, base->value, depth + 1)) return false;
    open_.erase(name);
    taken_ += nodes_in(base->value);
    if (taken_ > max_nodes)
      return refuse(at, fmt::format("extends takes over more than {} values", max_nodes));
    std::erase_if(service.members, [](const auto& each) { return each.key == "extends"; });
    take_over(service, base->value, "");
    return true;
  }

  yaml_node& services_;
  const std::string& source_;
  base::problem_list& problems_;
  std::set<std::string> open_;
  std::size_t taken_ = 0;
};

}  // namespace

bool resolve_extends(yaml_node& services, const std::string& source, base::problem_list& problems) {
  return extends_resolver(services, source, problems).run();
}

std::vector<named_path> extended_files_of(const source_text& file) {
  std::vector<named_path> out;
  base::problem_list ignored;
  const auto documents = base::parse_foreign_yaml(file.text, file.source, ignored);
  if (!documents || documents->size() != 1) return out;
  const yaml_node* services = documents->front().find("services");
  if (services == nullptr) return out;
  for (const auto& service : services->members) {
    const yaml_node* extends = extends_of(service.value);
    const yaml_node* path = extends == nullptr ? nullptr : extends->find("file");
    if (path != nullptr && !path->written.contains('$')) out.push_back({path->written, path->at});
  }
  return out;
}

}  // namespace guildfleet::ops
