#include "ops/check/kubernetes_sets.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "ops/check/kubernetes_folder.hpp"

namespace guildfleet::ops {
namespace {

using base::yaml_node;

// More is looked at together, so that many overlays of one large base stay affordable.
constexpr std::size_t most_files_of_sets = 10'000;

bool may_be_kustomization(const source_text& file) {
  return file.text.contains("kustomize.config.k8s.io/") || file.source.contains("ustomization");
}

class set_finder final {
 public:
  explicit set_finder(std::span<const source_text> files) : files_(files) {
    for (std::size_t i = 0; i < files.size(); ++i) {
      by_path_.emplace(joined_path({}, files[i].source), i);
      by_folder_[std::string(folder_of(files[i].source))].push_back(i);
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (may_be_kustomization(files[i])) read(i);
    }
  }

  std::vector<std::vector<source_text>> take() {
    std::set<std::size_t> rest;
    for (std::size_t i = 0; i < files_.size(); ++i) rest.insert(rest.end(), i);
    std::vector<std::set<std::size_t>> sets;
    std::size_t count = 0;
    for (const auto& [file, unused] : references_) {
      // What is in a circle of references has no root: it is in the last set.
      if (named_.contains(file)) continue;
      sets.push_back(reached_from(file));
      count += sets.back().size();
      if (count > most_files_of_sets) return {{files_.begin(), files_.end()}};
    }
    for (const auto& each : sets) {
      for (const std::size_t file : each) rest.erase(file);
    }
    if (!rest.empty()) sets.push_back(std::move(rest));
    std::vector<std::vector<source_text>> out;
    for (const auto& each : sets) {
      std::vector<source_text>& set = out.emplace_back();
      for (const std::size_t file : each) set.push_back(files_[file]);
    }
    return out;
  }

 private:
  void read(std::size_t file) {
    base::problem_list ignored;
    const auto documents = base::parse_foreign_yaml(files_[file].text, files_[file].source, ignored);
    if (!documents) return;
    for (const yaml_node& each : *documents) {
      if (!is_kustomization(each, files_[file].source)) continue;
      references_.try_emplace(file);
      refer(file, each);
    }
  }

  // Whatever it is that a text of a kustomization names: resources, components, patches, files of generators.
  void refer(std::size_t from, const yaml_node& node) {
    for (const yaml_node& each : node.items) refer(from, each);
    for (const auto& each : node.members) {
      if (each.key != "namespace" && each.key != "name") refer(from, each.value);
    }
    if (node.text.empty() || node.text.contains('\n')) return;
    const std::string path =
        joined_path(folder_of(files_[from].source), node.text.substr(node.text.find('=') + 1));
    if (const auto found = by_path_.find(path); found != by_path_.end()) refer_to(from, found->second);
    for (const char* name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
      const auto found = by_path_.find(joined_path(path, name));
      if (found != by_path_.end()) refer_to(from, found->second);
    }
  }

  void refer_to(std::size_t from, std::size_t file) {
    if (file == from) return;
    references_[from].insert(file);
    named_.insert(file);
  }

  std::set<std::size_t> reached_from(std::size_t root) const {
    std::set<std::size_t> out;
    std::vector<std::size_t> next = {root};
    while (!next.empty()) {
      const std::size_t file = next.back();
      next.pop_back();
      if (!out.insert(file).second) continue;
      const auto refers = references_.find(file);
      if (refers == references_.end()) continue;
      next.insert(next.end(), refers->second.begin(), refers->second.end());
      for (const std::size_t beside : by_folder_.at(std::string(folder_of(files_[file].source)))) {
        if (!references_.contains(beside)) out.insert(beside);
      }
    }
    return out;
  }

  std::span<const source_text> files_;
  std::map<std::string, std::size_t> by_path_;
  std::map<std::string, std::vector<std::size_t>> by_folder_;
  std::map<std::size_t, std::set<std::size_t>> references_;  // what each kustomization refers to
  std::set<std::size_t> named_;                              // by a kustomization
};

}  // namespace

std::vector<std::vector<source_text>> kubernetes_sets(std::span<const source_text> files) {
  return set_finder(files).take();
}

}  // namespace guildfleet::ops
