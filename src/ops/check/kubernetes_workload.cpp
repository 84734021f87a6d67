#include "ops/check/kubernetes_workload.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "ops/check/bot_words.hpp"
#include "ops/check/image_words.hpp"
#include "ops/check/secret_words.hpp"
#include "ops/pod_security.hpp"
#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

using base::yaml_node;

std::string origin_in(const yaml_node& variable) {
  for (const auto& [key, kind] :
       {std::pair("secretKeyRef", "Secret"), std::pair("configMapKeyRef", "ConfigMap")}) {
    const yaml_node* from = at_path(&variable, {"valueFrom", key});
    if (from != nullptr)
      return fmt::format("{} {}, key {}", kind, text_at(from, {"name"}), text_at(from, {"key"}));
  }
  return at_path(&variable, {"valueFrom"}) != nullptr ? "elsewhere" : "";
}

// The keys of a Secret or ConfigMap that the folder shows; false: it does not.
bool add_all_of(const kubernetes_folder& folder, const yaml_node& from, kubernetes_container& to) {
  for (const auto& [key, kind] : {std::pair("secretRef", "Secret"), std::pair("configMapRef", "ConfigMap")}) {
    const yaml_node* reference = from.find(key);
    if (reference == nullptr) continue;
    const kubernetes_object* object = folder.find(kind, text_at(reference, {"name"}));
    if (object == nullptr) return false;
    for (const char* part : {"data", "stringData"}) {
      const yaml_node* data = object->node->find(part);
      if (data == nullptr) continue;
      for (const auto& each : data->members)
        to.variables.push_back(
            {each.key, nullptr, fmt::format("{} {}, key {}", kind, object->name, each.key), from.at});
    }
  }
  return true;
}

kubernetes_container container_of(const kubernetes_folder& folder, const yaml_node& node) {
  kubernetes_container out{&node, text_at(&node, {"name"}), text_at(&node, {"image"}), {}, false};
  for (const yaml_node& each : items_at(&node, {"env"})) {
    const yaml_node* value = each.find("value");
    out.variables.push_back(
        {text_at(&each, {"name"}), value, value != nullptr ? "" : origin_in(each), each.at});
  }
  for (const yaml_node& each : items_at(&node, {"envFrom"})) {
    if (!add_all_of(folder, each, out)) out.hides_variables = true;
  }
  return out;
}

bool is_bot_container(const kubernetes_container& container) {
  for (const kubernetes_variable& each : container.variables) {
    if (names_bot_token(each.name) || each.name.starts_with("DISCORD_") || each.name == "BOT_NAME")
      return true;
  }
  return !is_server_image(container.image) && names_bot(image_short_name(container.image));
}

bool is_bot(const kubernetes_workload& workload) {
  if (std::ranges::any_of(workload.containers, is_bot_container)) return true;
  const bool serves = workload.containers.empty() || is_server_image(workload.containers.front().image);
  return !serves && names_bot(workload.object->name);
}

bool is_about(const yaml_node& reference, const kubernetes_object& object) {
  const std::string_view kind = text_at(&reference, {"kind"});
  return text_at(&reference, {"name"}) == object.name && (kind.empty() || kind == object.kind);
}

// "app=music,track=stable" of a patch's target, against the labels of an object.
bool fits_labels(std::string_view wanted, const kubernetes_object& object) {
  while (!wanted.empty()) {
    const std::string_view each = wanted.substr(0, wanted.find(','));
    wanted.remove_prefix(std::min(each.size() + 1, wanted.size()));
    const std::size_t equals = each.find('=');
    if (equals == std::string_view::npos) return false;
    if (text_at(object.node, {"metadata", "labels", each.substr(0, equals)}) != each.substr(equals + 1))
      return false;
  }
  return true;
}

bool is_for(const kubernetes_folder::inline_patch& patch, const kubernetes_object& object) {
  if (patch.target == nullptr)
    return text_at(&patch.content, {"kind"}) == object.kind &&
           text_at(&patch.content, {"metadata", "name"}) == object.name;
  const std::string_view kind = text_at(patch.target, {"kind"});
  const std::string_view name = text_at(patch.target, {"name"});
  return (kind.empty() || kind == object.kind) && (name.empty() || name == object.name) &&
         fits_labels(text_at(patch.target, {"labelSelector"}), object);
}

class pod_counter final {
 public:
  pod_counter(const kubernetes_folder& folder, const kubernetes_workload& workload)
      : folder_(folder), workload_(workload) {}

  pod_count take() {
    const kubernetes_object& own = *workload_.object;
    out_.source = *own.source;
    out_.at = own.node->at;
    if (own.kind == "DaemonSet") {
      raise(2, "a DaemonSet makes a pod on every machine", own, own.node->at);
      return out_;
    }
    raise_by(own.node, {"spec", "replicas"}, "replicas", own);
    for (const kubernetes_object& each : folder_.patches) {
      if (each.kind == own.kind && each.name == own.name)
        raise_by(each.node, {"spec", "replicas"}, "replicas", each);
    }
    for (const kubernetes_object& each : folder_.kustomizations) raise_by_kustomization(each);
    for (const auto& each : folder_.inline_patches) {
      if (is_for(each, own)) raise_by_patch(each);
    }
    for (const kubernetes_object* each : folder_.of_kind("HorizontalPodAutoscaler"))
      raise_by_autoscaler(*each, "maxReplicas");
    for (const kubernetes_object* each : folder_.of_kind("ScaledObject"))
      raise_by_autoscaler(*each, "maxReplicaCount");
    return out_;
  }

 private:
  void raise(std::int64_t to, std::string why, const kubernetes_object& by, base::text_position at) {
    if (to <= out_.most) return;
    out_ = {to, std::move(why), *by.source, at};
  }

  void raise_by(const yaml_node* from, std::initializer_list<std::string_view> keys, std::string_view name,
                const kubernetes_object& by) {
    const yaml_node* value = at_path(from, keys);
    if (const auto number = number_of(value))
      raise(*number, fmt::format("{}: {}", name, *number), by, value->at);
  }

  void raise_by_kustomization(const kubernetes_object& by) {
    for (const yaml_node& each : items_at(by.node, {"replicas"})) {
      if (text_at(&each, {"name"}) == workload_.object->name)
        raise_by(&each, {"count"}, "replicas of kustomize", by);
    }
  }

  void raise_by_patch(const kubernetes_folder::inline_patch& patch) {
    const auto take = [&](const yaml_node* value) {
      if (const auto number = number_of(value))
        raise(*number, fmt::format("replicas: {}", *number), *patch.by, patch.at);
    };
    take(at_path(&patch.content, {"spec", "replicas"}));
    for (const yaml_node& each : patch.content.items) {
      if (text_at(&each, {"path"}) == "/spec/replicas") take(each.find("value"));
    }
  }

  void raise_by_autoscaler(const kubernetes_object& by, std::string_view key) {
    const yaml_node* target = at_path(by.node, {"spec", "scaleTargetRef"});
    if (target != nullptr && is_about(*target, *workload_.object))
      raise_by(by.node, {"spec", key}, by.called(), by);
  }

  const kubernetes_folder& folder_;
  const kubernetes_workload& workload_;
  pod_count out_;
};

bool is_workload(std::string_view kind) {
  constexpr std::array<std::string_view, 9> kinds = {
      "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController",
      "Job",        "CronJob",     "Pod",       "Rollout"};
  return std::ranges::find(kinds, kind) != kinds.end();
}

bool fits(const yaml_node& expression, const kubernetes_workload& workload) {
  const std::string_view operation = text_at(&expression, {"operator"});
  const std::string_view value = workload.label(text_at(&expression, {"key"}));
  const auto& values = items_at(&expression, {"values"});
  const bool is_in = std::ranges::find(values, value, &yaml_node::text) != values.end();
  if (operation == "In") return is_in;
  if (operation == "NotIn") return !is_in;
  if (operation == "Exists") return !value.empty();
  if (operation == "DoesNotExist") return value.empty();
  return true;
}

bool lies_in(std::string_view path, std::string_view folder) {
  if (folder.ends_with('/')) folder.remove_suffix(1);
  return path == folder || (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

}  // namespace

const kubernetes_variable* kubernetes_container::variable(std::string_view wanted) const {
  const auto found = std::ranges::find(variables, wanted, &kubernetes_variable::name);
  return found == variables.end() ? nullptr : &*found;
}

bool kubernetes_workload::is_guildfleet() const {
  return std::ranges::any_of(containers, [](const kubernetes_container& each) {
    return image_short_name(each.image).contains("guildfleet");
  });
}

bool kubernetes_workload::runs_on() const {
  return object->kind != "Job" && object->kind != "CronJob";
}

const kubernetes_variable* kubernetes_workload::variable(std::string_view name) const {
  for (const kubernetes_container& each : containers) {
    if (const kubernetes_variable* found = each.variable(name)) return found;
  }
  return nullptr;
}

std::string_view kubernetes_workload::label(std::string_view key) const {
  return text_at(pod, {"metadata", "labels", key});
}

std::vector<kubernetes_workload> workloads_of(const kubernetes_folder& folder) {
  std::vector<kubernetes_workload> out;
  for (const kubernetes_object& each : folder.objects) {
    const yaml_node* pod = is_workload(each.kind) ? pod_of(*each.node) : nullptr;
    if (pod == nullptr) continue;
    kubernetes_workload workload;
    workload.object = &each;
    workload.spec = each.node->find("spec");
    workload.pod = pod;
    workload.pod_spec = pod->find("spec");
    for (const yaml_node& container : items_at(workload.pod_spec, {"containers"}))
      workload.containers.push_back(container_of(folder, container));
    workload.is_bot = is_bot(workload);
    workload.pods = pod_counter(folder, workload).take();
    out.push_back(std::move(workload));
  }
  return out;
}

bool has_labels(const yaml_node* labels, const kubernetes_workload& workload) {
  return labels == nullptr || std::ranges::all_of(labels->members, [&](const base::yaml_member& each) {
           return workload.label(each.key) == each.value.text;
         });
}

bool selects(const yaml_node* selector, const kubernetes_workload& workload) {
  return has_labels(at_path(selector, {"matchLabels"}), workload) &&
         std::ranges::all_of(items_at(selector, {"matchExpressions"}),
                             [&](const yaml_node& each) { return fits(each, workload); });
}

const yaml_node* volume_of(const kubernetes_workload& workload, std::string_view name) {
  for (const yaml_node& each : items_at(workload.pod_spec, {"volumes"})) {
    if (text_at(&each, {"name"}) == name) return &each;
  }
  return nullptr;
}

const yaml_node* mount_of(const kubernetes_container& container, std::string_view path) {
  const yaml_node* best = nullptr;
  for (const yaml_node& each : items_at(container.node, {"volumeMounts"})) {
    const std::string_view folder = text_at(&each, {"mountPath"});
    if (folder.empty() || !lies_in(path, folder)) continue;
    if (best == nullptr || folder.size() > text_at(best, {"mountPath"}).size()) best = &each;
  }
  return best;
}

}  // namespace guildfleet::ops
