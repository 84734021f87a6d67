#include "ops/import/compose_parts.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "ops/check/secret_words.hpp"

namespace guildfleet::ops {
namespace {

// What stands behind a path in the container: a file of this machine, or a variable of Compose; both empty:
// it is not known.
struct origin {
  std::string file;
  std::string variable;
};

std::string text_at(const base::yaml_node* node, std::string_view key) {
  const auto* found = node == nullptr ? nullptr : node->find(key);
  return found == nullptr ? std::string() : found->written;
}

origin origin_of(const compose_file& file, const compose_service& service, const std::string& path) {
  const auto secret = std::ranges::find(service.secrets, path, &compose_secret::path);
  if (secret != service.secrets.end()) {
    const auto* all = file.root.find("secrets");
    const auto* described = all == nullptr ? nullptr : all->find(secret->name);
    return {text_at(described, "file"), text_at(described, "environment")};
  }
  const compose_mount* mount = service.mount_of(path);
  if (mount == nullptr || mount->is_volume || mount->source.empty()) return {};
  return {mount->source + path.substr(std::min(mount->target.size(), path.size())), ""};
}

}  // namespace

secret_reference refer_to_secret(const compose_file& file, const compose_service& service,
                                 const compose_variable& variable, std::string_view key,
                                 const std::string& new_variable, fleet_draft& draft) {
  const auto tell = [&](std::string why) {
    draft.left.push_back({service.name, variable.name, std::move(why)});
  };
  const std::string in_variable = fmt::format("${{{}}}", new_variable);
  if (variable.name.ends_with("_FILE")) {
    const std::string path = with_defaults(variable.value.value_or(""));
    const origin from = origin_of(file, service, path);
    if (!from.variable.empty()) return {std::string(key), fmt::format("${{{}}}", from.variable)};
    if (!from.file.empty()) return {fmt::format("{}_file", key), from.file};
    tell(fmt::format("what {} holds is not on this machine; put it into .env as {}", path, new_variable));
    return {std::string(key), in_variable};
  }
  if (!variable.env_file.empty()) {
    // Compose and guildfleet read the .env beside.
    const bool is_dot_env = std::filesystem::path(variable.env_file).lexically_normal() == ".env";
    if (is_dot_env) return {std::string(key), fmt::format("${{{}}}", variable.name)};
    tell(fmt::format("move its value from {} into .env, as {}", variable.env_file, new_variable));
    return {std::string(key), in_variable};
  }
  const std::string written = variable.value.value_or(fmt::format("${{{}}}", variable.name));
  const bool holds_secret = !own_secret_of(written).empty();
  // A default behind :- would be the secret itself.
  const bool is_one_variable = written.starts_with("${") && written.ends_with('}');
  const bool has_default = is_one_variable && !text_of_its_own(written).empty();
  if (!holds_secret && !has_default) return {std::string(key), written};
  const std::string name = has_default ? std::string(variable_in(written)) : new_variable;
  tell(fmt::format("its value stands in the Compose file; move it into .env, as {}", name));
  return {std::string(key), fmt::format("${{{}}}", name)};
}

void common_settings::add(const std::string& path, const std::string& service, std::string value) {
  all_[path].push_back({service, std::move(value)});
}

void common_settings::put_into(fleet_draft& draft) const {
  for (const auto& [path, said] : all_) {
    const std::string& first = said.front().value;
    draft.settings[path] = first;
    for (const auto& [service, value] : said) {
      if (value == first) continue;
      draft.left.push_back(
          {service, path,
           fmt::format("one file has it once: {} of {} counts, not {}", first, said.front().service, value)});
    }
  }
}

}  // namespace guildfleet::ops
