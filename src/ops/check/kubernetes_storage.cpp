#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "ops/check/image_words.hpp"
#include "ops/check/kubernetes_checks.hpp"
#include "ops/check/store_words.hpp"
#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

namespace rule = kubernetes_rule;
using base::yaml_node;

struct sqlite_file {
  std::string path;
  const kubernetes_container* container = nullptr;
  base::text_position at;
};

std::optional<sqlite_file> sqlite_of(const kubernetes_folder& folder, const kubernetes_workload& workload) {
  for (const kubernetes_container& container : workload.containers) {
    for (const kubernetes_variable& each : container.variables) {
      std::string path = sqlite_path_in(each.name, std::string(text_of(each.value)));
      if (!path.empty()) return sqlite_file{std::move(path), &container, each.at};
    }
  }
  const bool by_default = workload.is_guildfleet() && leases_of(folder, workload) == pod_leases::none;
  if (!by_default) return std::nullopt;
  return sqlite_file{"/app/storage/bot.sqlite", &workload.containers.front(), workload.object->node->at};
}

// The claim behind a volume's name: of a template, or an object of its own; nullptr: not to be seen.
const yaml_node* claim_spec_of(const kubernetes_review& review, const kubernetes_workload& workload,
                               std::string_view volume) {
  for (const yaml_node& each : items_at(workload.spec, {"volumeClaimTemplates"})) {
    if (text_at(&each, {"metadata", "name"}) == volume) return each.find("spec");
  }
  const yaml_node* named = volume_of(workload, volume);
  const kubernetes_object* claim =
      review.folder.find("PersistentVolumeClaim", text_at(named, {"persistentVolumeClaim", "claimName"}));
  return claim != nullptr ? claim->node->find("spec") : nullptr;
}

bool has_mode(const yaml_node* claim, std::string_view mode) {
  const auto& modes = items_at(claim, {"accessModes"});
  return std::ranges::find(modes, mode, &yaml_node::text) != modes.end();
}

// How a volume is shared or far away; empty: as far as is to be seen, it is not.
std::string how_far(const kubernetes_review& review, const kubernetes_workload& workload,
                    std::string_view name) {
  if (const yaml_node* volume = volume_of(workload, name)) {
    for (const char* kind : {"nfs", "cephfs", "glusterfs", "azureFile"}) {
      if (volume->find(kind) != nullptr) return fmt::format("a volume of the kind {}", kind);
    }
  }
  const yaml_node* claim = claim_spec_of(review, workload, name);
  if (has_mode(claim, "ReadWriteMany")) return "a volume with ReadWriteMany";
  const std::string_view storage = text_at(claim, {"storageClassName"});
  if (names_network_folder(storage)) return fmt::format("the storage class {}", storage);
  const kubernetes_object* disk = review.folder.find("PersistentVolume", text_at(claim, {"volumeName"}));
  if (disk != nullptr && at_path(disk->node, {"spec", "nfs"}) != nullptr) return "a PersistentVolume by NFS";
  return {};
}

void check_sqlite(kubernetes_review& review, const kubernetes_workload& workload) {
  const auto file = sqlite_of(review.folder, workload);
  if (!file || !file->path.starts_with('/')) return;
  const yaml_node* mount = mount_of(*file->container, file->path);
  const std::string_view volume = text_at(mount, {"name"});
  const std::string far = how_far(review, workload, volume);
  if (!far.empty()) {
    review.add(rule::sqlite_on_network, *workload.object, mount->at,
               fmt::format("{} lies on {}", file->path, far));
    return;
  }
  const yaml_node* named = volume_of(workload, volume);
  if (mount == nullptr || (named != nullptr && named->find("emptyDir") != nullptr))
    review.add(rule::data_in_pod, *workload.object, mount != nullptr ? mount->at : file->at,
               fmt::format("{} is {}", file->path, mount != nullptr ? "in an emptyDir" : "in no volume"));
}

// The names of claims that are objects of their own and for one machine only.
std::vector<const yaml_node*> single_volumes(const kubernetes_review& review,
                                             const kubernetes_workload& workload) {
  std::vector<const yaml_node*> out;
  for (const yaml_node& each : items_at(workload.pod_spec, {"volumes"})) {
    const yaml_node* name = at_path(&each, {"persistentVolumeClaim", "claimName"});
    if (name == nullptr) continue;
    const kubernetes_object* claim = review.folder.find("PersistentVolumeClaim", text_of(name));
    if (claim == nullptr) continue;
    const yaml_node* spec = claim->node->find("spec");
    const bool shared = has_mode(spec, "ReadWriteMany") || has_mode(spec, "ReadOnlyMany");
    if (!shared) out.push_back(name);
  }
  return out;
}

void check_claims(kubernetes_review& review, const kubernetes_workload& workload) {
  for (const yaml_node* claim : single_volumes(review, workload)) {
    if (workload.pods.most > 1)
      review.add(rule::shared_volume, *workload.object, claim->at,
                 fmt::format("{}, and one claim {} for all", workload.pods.why, claim->text));
    else if (updates_overlap(workload) && !workload.is_bot)
      review.add(rule::waiting_update, *workload.object, claim->at,
                 fmt::format("two pods want {} at each update", claim->text));
  }
}

// Plain servers; what makes clusters of them has images of its own.
void check_database(kubernetes_review& review, const kubernetes_workload& workload) {
  constexpr std::array plain = {"postgres", "mysql", "mariadb", "redis", "valkey", "postgis", "timescaledb"};
  if (workload.pods.most < 2 || !workload.runs_on()) return;
  for (const kubernetes_container& each : workload.containers) {
    if (std::ranges::find(plain, image_short_name(each.image)) == plain.end()) continue;
    if (each.image.contains("bitnami")) continue;
    review.found.push_back(
        {&rule::no_cluster, workload.pods.source, workload.pods.at,
         fmt::format("{}: {}, of {}", workload.object->called(), workload.pods.why, each.image)});
    return;
  }
}

}  // namespace

void check_kubernetes_storage(kubernetes_review& review) {
  for (const kubernetes_workload& each : review.workloads) {
    if (each.is_bot && each.runs_on()) check_sqlite(review, each);
    check_claims(review, each);
    check_database(review, each);
  }
}

}  // namespace guildfleet::ops
