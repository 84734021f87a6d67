// A folder of Kubernetes manifests as one thing: every object of every file, and what kustomize adds.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/yaml_document.hpp"
#include "ops/check/finding.hpp"

namespace guildfleet::ops {

struct kubernetes_object {
  const std::string* source = nullptr;  // of kubernetes_folder::files
  const base::yaml_node* node = nullptr;
  std::string_view version;  // apiVersion
  std::string_view kind;
  std::string_view name;
  std::string_view name_space;  // empty: not said here

  [[nodiscard]] std::string called() const;  // "Deployment music", or the kind alone
};

// Movable: what objects point into moves along.
struct kubernetes_folder {
  struct file {
    std::string source;
    std::vector<base::yaml_node> documents;
  };

  // A patch that is written in the kustomization itself.
  struct inline_patch {
    const kubernetes_object* by = nullptr;    // of kustomizations
    const base::yaml_node* target = nullptr;  // nullptr: what the patch itself names
    base::text_position at;
    base::yaml_node content;  // a part of an object, or the operations of a JSON patch
  };

  std::vector<file> files;
  std::vector<kubernetes_object> objects;         // what is applied; items of a List each by itself
  std::vector<kubernetes_object> patches;         // parts of objects: files that a kustomization patches with
  std::vector<kubernetes_object> kustomizations;  // without a name
  std::vector<inline_patch> inline_patches;
  // What ConfigMaps hold, by name: data, and the files and texts of kustomize's generators.
  std::map<std::string, std::vector<std::string>, std::less<>> config_texts;
  finding_list unreadable;

  kubernetes_folder() = default;
  kubernetes_folder(const kubernetes_folder&) = delete;
  kubernetes_folder& operator=(const kubernetes_folder&) = delete;
  kubernetes_folder(kubernetes_folder&&) = default;
  kubernetes_folder& operator=(kubernetes_folder&&) = default;
  ~kubernetes_folder() = default;

  // The first of that name, in any namespace; nullptr when the folder has none.
  [[nodiscard]] const kubernetes_object* find(std::string_view kind, std::string_view name) const;
  // In the order of the files.
  [[nodiscard]] const std::vector<const kubernetes_object*>& of_kind(std::string_view kind) const;

  std::map<std::string_view, std::vector<const kubernetes_object*>> by_kind;
  std::map<std::pair<std::string_view, std::string_view>, const kubernetes_object*> by_name;
};

// Files that a kustomization makes ConfigMaps or Secrets of are their data, whatever is in them.
[[nodiscard]] kubernetes_folder read_kubernetes(std::span<const source_text> files);

// The files and folders that a kustomization builds on, as written; not what lies in a repository elsewhere.
[[nodiscard]] std::vector<named_path> kustomize_resources_of(const source_text& file);

// GF301: one of them is not there.
[[nodiscard]] finding missing_resource(const source_text& file, const named_path& resource);
// By its kind, or without one by the file's name.
[[nodiscard]] bool is_kustomization(const base::yaml_node& document, std::string_view source);

// "k8s/base" of "k8s/base/a.yaml".
[[nodiscard]] std::string_view folder_of(std::string_view source);

// "k8s/base/a.yaml" of the folder "k8s/overlays" and "../base/a.yaml".
[[nodiscard]] std::string joined_path(std::string_view folder, std::string_view path);

}  // namespace guildfleet::ops
