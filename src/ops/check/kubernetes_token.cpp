#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "ops/check/kubernetes_workload.hpp"
#include "ops/check/secret_words.hpp"
#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

using base::yaml_node;

bool names_token(std::string_view key) {
  return names_bot_token(key) || in_capitals(key).ends_with("TOKEN");
}

class token_finder final {
 public:
  explicit token_finder(const kubernetes_workload& workload) : workload_(workload) {}

  std::vector<kubernetes_token> take() {
    for (const kubernetes_container& each : workload_.containers) {
      add_variables(each);
      if (out_.empty()) add_hidden(each);
    }
    for (const yaml_node& each : items_at(workload_.pod_spec, {"volumes"})) add_volume(each);
    return std::move(out_);
  }

 private:
  void add(std::string identity, std::string shown, base::text_position at) {
    const std::string_view space = workload_.object->name_space;
    out_.push_back({fmt::format("{}/{}", space, identity), std::move(shown), at});
  }

  void add_variables(const kubernetes_container& container) {
    for (const kubernetes_variable& each : container.variables) {
      if (!names_bot_token(each.name) || each.name.ends_with("_FILE")) continue;
      const std::string_view value = text_of(each.value);
      if (!each.origin.empty())
        add(each.origin, each.origin, each.at);
      else if (!value.empty() && !refers_in_manifest(value))
        add(fmt::format("value {}", value), fmt::format("the value of {}", each.name), each.at);
    }
  }

  // A Secret that is not in the folder, all of it in the environment: its name is all that tells.
  void add_hidden(const kubernetes_container& container) {
    if (!container.hides_variables) return;
    for (const yaml_node& each : items_at(container.node, {"envFrom"})) {
      const std::string_view name = text_at(&each, {"secretRef", "name"});
      if (in_capitals(name).contains("TOKEN"))
        add(fmt::format("Secret {}", name), fmt::format("Secret {}", name), each.at);
    }
  }

  void add_volume(const yaml_node& volume) {
    if (const yaml_node* secret = volume.find("secret")) add_secret(*secret, text_at(secret, {"secretName"}));
    for (const yaml_node& each : items_at(&volume, {"projected", "sources"})) {
      if (const yaml_node* secret = each.find("secret")) add_secret(*secret, text_at(secret, {"name"}));
    }
  }

  void add_secret(const yaml_node& secret, std::string_view name) {
    const auto& items = items_at(&secret, {"items"});
    for (const yaml_node& each : items) {
      const std::string_view key = text_at(&each, {"key"});
      if (!names_token(key)) continue;
      const std::string shown = fmt::format("Secret {}, key {}", name, key);
      add(shown, shown, each.at);
    }
    if (items.empty() && in_capitals(name).contains("TOKEN"))
      add(fmt::format("Secret {}", name), fmt::format("Secret {}", name), secret.at);
  }

  const kubernetes_workload& workload_;
  std::vector<kubernetes_token> out_;
};

// Pods that each take shards of their own, by their number or by what they are told.
bool takes_own_shards(const kubernetes_workload& workload) {
  constexpr std::array names = {"SHARD_ID",   "SHARD_IDS",   "SHARDS",       "SHARD",      "SHARD_LIST",
                                "CLUSTER_ID", "SHARD_COUNT", "TOTAL_SHARDS", "NUM_SHARDS", "SHARD_START"};
  return std::ranges::any_of(names, [&](const char* each) { return workload.variable(each) != nullptr; });
}

bool names_database(std::string_view text) {
  const std::string capitals = in_capitals(text);
  return capitals.contains("DATABASE_URL") || capitals.contains("DATABASE-URL") ||
         capitals.contains("POSTGRES");
}

// The configuration files that the pod has from ConfigMaps; nullopt: the folder does not show them.
std::optional<std::vector<std::string>> config_files_of(const kubernetes_folder& folder,
                                                        const kubernetes_workload& workload) {
  std::vector<std::string> out;
  for (const yaml_node& each : items_at(workload.pod_spec, {"volumes"})) {
    const yaml_node* name = at_path(&each, {"configMap", "name"});
    if (name == nullptr) continue;
    const auto found = folder.config_texts.find(text_of(name));
    if (found == folder.config_texts.end()) return std::nullopt;
    out.insert(out.end(), found->second.begin(), found->second.end());
  }
  return out;
}

bool mounts_database_secret(const kubernetes_workload& workload) {
  return std::ranges::any_of(items_at(workload.pod_spec, {"volumes"}), [](const yaml_node& volume) {
    const auto names = [](const yaml_node& source) {
      return names_database(text_at(&source, {"secret", "name"})) ||
             names_database(text_at(&source, {"secret", "secretName"}));
    };
    return names(volume) || std::ranges::any_of(items_at(&volume, {"projected", "sources"}), names);
  });
}

bool has_database_variable(const kubernetes_workload& workload) {
  return std::ranges::any_of(workload.containers, [](const kubernetes_container& container) {
    return std::ranges::any_of(container.variables, [](const kubernetes_variable& each) {
      return names_database(each.name) && !text_of(each.value).starts_with("sqlite");
    });
  });
}

}  // namespace

std::vector<kubernetes_token> tokens_of(const kubernetes_workload& workload) {
  return token_finder(workload).take();
}

pod_leases leases_of(const kubernetes_folder& folder, const kubernetes_workload& workload) {
  if (!workload.is_guildfleet()) return takes_own_shards(workload) ? pod_leases::unknown : pod_leases::none;
  const auto files = config_files_of(folder, workload);
  const auto any_file = [&](std::string_view words) {
    return files &&
           std::ranges::any_of(*files, [&](const std::string& each) { return each.contains(words); });
  };
  if (any_file("leases: local")) return pod_leases::none;
  const bool has_database =
      any_file("database_url") || has_database_variable(workload) || mounts_database_secret(workload);
  if (has_database) return pod_leases::shared;
  const bool hidden = std::ranges::any_of(workload.containers, &kubernetes_container::hides_variables);
  return !files || hidden ? pod_leases::unknown : pod_leases::none;
}

}  // namespace guildfleet::ops
