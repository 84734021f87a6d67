#include "ops/check/kubernetes_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>

#include "ops/check/kubernetes_rules.hpp"
#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

using base::yaml_node;

// "key=path" or "path".
std::string_view path_in(std::string_view text) {
  const std::size_t equals = text.find('=');
  return equals == std::string_view::npos ? text : text.substr(equals + 1);
}

class folder_reader final {
 public:
  explicit folder_reader(std::span<const source_text> files) : texts_(files) {}

  kubernetes_folder take() {
    parse();
    for (const auto& file : out_.files) {
      for (const yaml_node& each : file.documents) {
        if (is_kustomization(each, file.source)) add_kustomization(file, each);
      }
    }
    for (const auto& file : out_.files) {
      if (data_.contains(plain(file.source))) continue;
      for (const yaml_node& each : file.documents) add_object(file, each);
    }
    std::erase_if(out_.unreadable,
                  [this](const finding& each) { return data_.contains(plain(each.source)); });
    for (const kubernetes_object& each : out_.kustomizations) add_inline_patches(each);
    for (const kubernetes_object& each : out_.objects) {
      out_.by_kind[each.kind].push_back(&each);
      out_.by_name.emplace(std::pair(each.kind, each.name), &each);
    }
    return std::move(out_);
  }

 private:
  static std::string plain(std::string_view source) { return joined_path({}, source); }

  void parse() {
    out_.files.reserve(texts_.size());
    for (const source_text& each : texts_) {
      base::problem_list problems;
      auto documents = base::parse_foreign_yaml(each.text, each.source, problems);
      const bool is_template = each.text.contains("{{");
      for (const base::problem& problem : problems)
        out_.unreadable.push_back(
            {&kubernetes_rule::unreadable, each.source, problem.at,
             is_template ? "a template, as it seems: " + problem.message : with_fix(problem)});
      out_.files.push_back({each.source, documents ? std::move(*documents) : std::vector<yaml_node>()});
    }
  }

  void add_kustomization(const kubernetes_folder::file& file, const yaml_node& node) {
    out_.kustomizations.push_back(
        {&file.source, &node, {}, "Kustomization", {}, text_at(&node, {"namespace"})});
    const std::string_view folder = folder_of(file.source);
    for (const char* key : {"patches", "patchesJson6902"}) {
      for (const yaml_node& each : items_at(&node, {key}))
        patches_.insert(joined_path(folder, text_at(&each, {"path"})));
    }
    for (const yaml_node& each : items_at(&node, {"patchesStrategicMerge"}))
      patches_.insert(joined_path(folder, text_of(&each)));
    for (const char* key : {"configMapGenerator", "secretGenerator"}) {
      for (const yaml_node& each : items_at(&node, {key})) {
        add_generated(folder, each, key == std::string_view("configMapGenerator"));
      }
    }
  }

  // One that cannot be read is left to kustomize.
  void add_inline_patches(const kubernetes_object& by) {
    for (const yaml_node& each : items_at(by.node, {"patches"})) {
      const yaml_node* text = each.find("patch");
      if (text == nullptr) continue;
      base::problem_list ignored;
      auto documents = base::parse_foreign_yaml(text_of(text), *by.source, ignored);
      if (documents && documents->size() == 1)
        out_.inline_patches.push_back({&by, each.find("target"), text->at, std::move(documents->front())});
    }
  }

  // What of it is not in the folder keeps all of a ConfigMap from being known.
  void add_generated(std::string_view folder, const yaml_node& generator, bool is_config_map) {
    std::vector<std::string> texts;
    bool complete = is_config_map && generator.find("envs") == nullptr;
    for (const yaml_node& each : items_at(&generator, {"files"})) {
      const std::string path = joined_path(folder, path_in(text_of(&each)));
      data_.insert(path);
      const auto found =
          std::ranges::find_if(texts_, [&](const source_text& text) { return plain(text.source) == path; });
      complete = complete && found != texts_.end();
      if (complete) texts.push_back(found->text);
    }
    for (const yaml_node& each : items_at(&generator, {"literals"})) texts.push_back(each.text);
    if (complete) out_.config_texts[std::string(text_at(&generator, {"name"}))] = std::move(texts);
  }

  void add_object(const kubernetes_folder::file& file, const yaml_node& node) {
    const std::string_view kind = text_at(&node, {"kind"});
    const std::string_view version = text_at(&node, {"apiVersion"});
    if (kind.empty() || version.empty() || is_kustomization(node, file.source)) return;
    if (kind.ends_with("List") && !items_at(&node, {"items"}).empty()) {
      for (const yaml_node& each : items_at(&node, {"items"})) add_object(file, each);
      return;
    }
    const kubernetes_object object{&file.source,
                                   &node,
                                   version,
                                   kind,
                                   text_at(&node, {"metadata", "name"}),
                                   text_at(&node, {"metadata", "namespace"})};
    if (patches_.contains(plain(file.source))) {
      out_.patches.push_back(object);
      return;
    }
    out_.objects.push_back(object);
    if (kind != "ConfigMap") return;
    const yaml_node* data = node.find("data");
    if (data == nullptr) return;
    for (const auto& each : data->members)
      out_.config_texts[std::string(object.name)].push_back(each.value.text);
  }

  std::span<const source_text> texts_;
  kubernetes_folder out_;
  std::set<std::string> patches_;  // files
  std::set<std::string> data_;     // files
};

}  // namespace

std::string kubernetes_object::called() const {
  return name.empty() ? std::string(kind) : fmt::format("{} {}", kind, name);
}

const kubernetes_object* kubernetes_folder::find(std::string_view kind, std::string_view name) const {
  const auto found = by_name.find({kind, name});
  return found == by_name.end() ? nullptr : found->second;
}

const std::vector<const kubernetes_object*>& kubernetes_folder::of_kind(std::string_view kind) const {
  static const std::vector<const kubernetes_object*> none;
  const auto found = by_kind.find(kind);
  return found == by_kind.end() ? none : found->second;
}

std::vector<named_path> kustomize_resources_of(const source_text& file) {
  std::vector<named_path> out;
  base::problem_list ignored;
  const auto documents = base::parse_foreign_yaml(file.text, file.source, ignored);
  if (!documents) return out;
  for (const yaml_node& document : *documents) {
    if (!is_kustomization(document, file.source)) continue;
    for (const char* key : {"resources", "components", "bases"}) {
      for (const yaml_node& each : items_at(&document, {key})) {
        const std::string_view path = text_of(&each);
        // Of a repository elsewhere.
        const bool is_remote = path.contains("//") || path.contains("?ref=") || path.contains('@') ||
                               path.starts_with("github.com/");
        if (!path.empty() && !is_remote) out.push_back({std::string(path), each.at});
      }
    }
  }
  return out;
}

finding missing_resource(const source_text& file, const named_path& resource) {
  return {&kubernetes_rule::unreadable, file.source, resource.at,
          fmt::format("resources: {} is not there", resource.path)};
}

kubernetes_folder read_kubernetes(std::span<const source_text> files) {
  return folder_reader(files).take();
}

std::string_view folder_of(std::string_view source) {
  const std::size_t slash = source.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : source.substr(0, slash);
}

bool is_kustomization(const yaml_node& document, std::string_view source) {
  const std::string_view kind = text_at(&document, {"kind"});
  if (kind == "Kustomization" || kind == "Component")
    return text_at(&document, {"apiVersion"}).starts_with("kustomize.config.k8s.io/");
  const std::size_t slash = source.rfind('/');
  const std::string_view name = source.substr(slash == std::string_view::npos ? 0 : slash + 1);
  return kind.empty() &&
         (name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization");
}

std::string joined_path(std::string_view folder, std::string_view path) {
  return (std::filesystem::path(folder) / path).lexically_normal().generic_string();
}

}  // namespace guildfleet::ops
