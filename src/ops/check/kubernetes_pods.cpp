#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "ops/check/image_words.hpp"
#include "ops/check/kubernetes_checks.hpp"
#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

namespace rule = kubernetes_rule;
using base::yaml_node;

std::string_view without_tag(std::string_view image) {
  const std::string_view tag = image_tag(image);
  if (tag == "@") return image.substr(0, image.find('@'));
  return tag.empty() ? image : image.substr(0, image.size() - tag.size() - 1);
}

// kustomize may give the image its version.
bool is_given_version(const kubernetes_folder& folder, std::string_view image) {
  return std::ranges::any_of(folder.kustomizations, [&](const kubernetes_object& each) {
    return std::ranges::any_of(items_at(each.node, {"images"}), [&](const yaml_node& entry) {
      if (text_at(&entry, {"name"}) != without_tag(image)) return false;
      return entry.find("digest") != nullptr || !is_moving_tag(text_at(&entry, {"newTag"}));
    });
  });
}

void check_images(kubernetes_review& review, const kubernetes_workload& workload) {
  for (const char* list : {"initContainers", "containers"}) {
    for (const yaml_node& each : items_at(workload.pod_spec, {list})) {
      const yaml_node* image = each.find("image");
      const std::string_view text = text_of(image);
      if (text.empty() || text.contains('$') || !is_moving_tag(image_tag(text))) continue;
      if (!is_given_version(review.folder, text))
        review.add(rule::unversioned_image, *workload.object, image->at, std::string(text));
    }
  }
}

void check_generated_images(kubernetes_review& review) {
  for (const kubernetes_object& each : review.folder.kustomizations) {
    for (const yaml_node& entry : items_at(each.node, {"images"})) {
      const yaml_node* tag = entry.find("newTag");
      if (tag != nullptr && is_moving_tag(text_of(tag)))
        review.add(rule::unversioned_image, each, tag->at,
                   fmt::format("newTag of {}", text_at(&entry, {"name"})));
    }
  }
}

void check_memory(kubernetes_review& review, const kubernetes_workload& workload) {
  if (!review.folder.of_kind("LimitRange").empty() ||
      at_path(workload.pod_spec, {"resources", "limits", "memory"}) != nullptr)
    return;
  for (const kubernetes_container& each : workload.containers) {
    if (at_path(each.node, {"resources", "limits", "memory"}) == nullptr)
      review.add(rule::no_memory_limit, *workload.object, each.node->at,
                 fmt::format("container {}", each.name));
  }
}

// Of "sleep 20" anywhere in a hook's command.
std::int64_t sleep_in(const yaml_node* hook) {
  if (const auto seconds = number_of(at_path(hook, {"sleep", "seconds"}))) return *seconds;
  std::string command;
  for (const yaml_node& each : items_at(hook, {"exec", "command"})) command += each.text + " ";
  constexpr std::string_view word = "sleep ";
  const std::size_t at = command.find(word);
  if (at == std::string::npos) return 0;
  std::int64_t out = 0;
  const char* begin = command.data() + at + word.size();
  std::from_chars(begin, command.data() + command.size(), out);
  return out;
}

// A node of guildfleet has nothing else to do in this time; 10 seconds are its shortest drain.
constexpr std::int64_t shortest_of_guildfleet = 25;
constexpr std::int64_t shortest = 30;
constexpr std::int64_t by_default = 30;

void check_grace(kubernetes_review& review, const kubernetes_workload& workload) {
  const yaml_node* written = at_path(workload.pod_spec, {"terminationGracePeriodSeconds"});
  const std::int64_t grace = number_of(written).value_or(by_default);
  const base::text_position at = written != nullptr ? written->at : workload.pod_spec->at;
  if (grace < (workload.is_guildfleet() ? shortest_of_guildfleet : shortest)) {
    review.add(rule::short_grace, *workload.object, at, fmt::format("{} seconds", grace));
    return;
  }
  for (const kubernetes_container& each : workload.containers) {
    const yaml_node* hook = at_path(each.node, {"lifecycle", "preStop"});
    const std::int64_t slept = sleep_in(hook);
    if (slept > 0 && slept >= grace)
      review.add(rule::short_grace, *workload.object, hook->at,
                 fmt::format("preStop sleeps {} of the {} seconds", slept, grace));
  }
}

}  // namespace

void check_kubernetes_pods(kubernetes_review& review) {
  check_generated_images(review);
  for (const kubernetes_workload& each : review.workloads) {
    check_images(review, each);
    check_memory(review, each);
    if (each.is_bot && each.runs_on()) check_grace(review, each);
  }
}

}  // namespace guildfleet::ops
