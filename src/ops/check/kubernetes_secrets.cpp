#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "ops/check/kubernetes_checks.hpp"
#include "ops/check/secret_words.hpp"
#include "ops/token_text.hpp"
#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

namespace rule = kubernetes_rule;
using base::yaml_node;

// What stands for a value that is filled in later: ${TOKEN}, <token>, $(TOKEN), ENC[...] of SOPS, or nothing.
bool is_placeholder(std::string_view value) {
  return value.empty() || refers_in_manifest(value) || value.starts_with('<') || value.starts_with("{{") ||
         value.starts_with("ENC[");
}

bool has_plain_password(std::string_view value) {
  const auto url = parts_of_url(value);
  return url && !is_placeholder(url->password);
}

// The password that a text is or holds, when everybody knows it.
bool has_default_password(std::string_view name, std::string_view value, std::string_view user) {
  if (const auto url = parts_of_url(value)) return is_default_password(url->password, url->user);
  return names_secret(name) && !names_bot_token(name) && is_default_password(value, user);
}

bool is_secret(std::string_view name, std::string_view value) {
  return !is_placeholder(value) &&
         (names_secret(name) || looks_like_bot_token(value) || has_plain_password(value));
}

// The texts of a ConfigMap: a token anywhere in them, or a line that gives a secret a value.
bool holds_secret(std::string_view text) {
  if (without_tokens(text) != text) return true;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t split = line.find_first_of("=:");
    if (split == std::string_view::npos || line.contains('#')) continue;
    std::string_view value = line.substr(split + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '"' || value.front() == '\''))
      value.remove_prefix(1);
    const std::size_t begin = line.find_first_not_of(" -\t");
    constexpr std::size_t shortest = 6;
    const bool is_value = value.size() >= shortest && !value.starts_with('/') && !is_placeholder(value);
    if (begin >= split || !is_value) continue;
    // secretName and the like tell where a secret is.
    const std::string_view key = line.substr(begin, split - begin);
    if (names_secret(key) && !in_capitals(key).ends_with("NAME")) return true;
  }
  return false;
}

std::optional<std::string> from_base64(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  std::size_t count = 0;
  for (const char c : text) {
    if (c == '=' || c == '\n' || c == ' ') continue;
    const std::size_t value = letters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xff'ffffU;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xffU);
  }
  return out;
}

std::string_view user_of(const kubernetes_container& container, std::string_view name) {
  const kubernetes_variable* user = container.variable(user_name_of(name));
  return user != nullptr ? text_of(user->value) : std::string_view();
}

void check_variable(kubernetes_review& review, const kubernetes_workload& workload,
                    const kubernetes_container& container, const kubernetes_variable& variable) {
  const std::string_view value = text_of(variable.value);
  if (turns_tls_off(variable.name, value))
    review.add(rule::tls_off, *workload.object, variable.at, fmt::format("{} is {}", variable.name, value));
  if (variable.name == "POSTGRES_HOST_AUTH_METHOD" && value == "trust")
    review.add(rule::default_password, *workload.object, variable.at, "trust asks nobody for a password");
  else if (has_default_password(variable.name, value, user_of(container, variable.name)))
    review.add(rule::default_password, *workload.object, variable.at, std::string(variable.name));
  else if (is_secret(variable.name, value))
    review.add(rule::plain_secret, *workload.object, variable.at, std::string(variable.name));
}

void check_config_map(kubernetes_review& review, const kubernetes_object& object) {
  const yaml_node* data = object.node->find("data");
  if (data == nullptr) return;
  for (const auto& each : data->members) {
    const std::string_view value = text_of(&each.value);
    if (has_default_password(each.key, value, {}))
      review.add(rule::default_password, object, each.key_at, each.key);
    else if (is_secret(each.key, value) || holds_secret(value))
      review.add(rule::secret_in_config_map, object, each.key_at, each.key);
  }
}

// One finding a Secret: whoever sees one value sees all.
void check_secret(kubernetes_review& review, const kubernetes_object& object) {
  if (object.node->find("sops") != nullptr) return;
  const base::yaml_member* first = nullptr;
  for (const char* part : {"data", "stringData"}) {
    const yaml_node* data = object.node->find(part);
    if (data == nullptr) continue;
    for (const auto& each : data->members) {
      const std::string_view written = text_of(&each.value);
      if (is_placeholder(written)) continue;
      const auto decoded = from_base64(written);
      const std::string value = part == std::string_view("data") && decoded ? *decoded : std::string(written);
      // A copied newline is a part of the value, and hides what is written.
      if (has_default_password(each.key, value.substr(0, value.find('\n')), {}))
        review.add(rule::default_password, object, each.key_at, each.key);
      else if (first == nullptr)
        first = &each;
    }
  }
  if (first != nullptr) review.add(rule::secret_in_folder, object, first->key_at, first->key);
}

void check_generators(kubernetes_review& review, const kubernetes_object& kustomization) {
  for (const auto& [key, in] : {std::pair("secretGenerator", &rule::secret_in_folder),
                                std::pair("configMapGenerator", &rule::secret_in_config_map)}) {
    const bool all = key == std::string_view("secretGenerator");
    for (const yaml_node& generator : items_at(kustomization.node, {key})) {
      for (const yaml_node& each : items_at(&generator, {"literals"})) {
        const std::string_view text = text_of(&each);
        const std::size_t split = std::min(text.find('='), text.size());
        const std::string_view name = text.substr(0, split);
        const std::string_view value = text.substr(std::min(split + 1, text.size()));
        if (has_default_password(name, value, {}))
          review.add(rule::default_password, kustomization, each.at, fmt::format("{}: {}", key, name));
        else if (is_secret(name, value) || (all && !is_placeholder(value)))
          review.add(*in, kustomization, each.at, fmt::format("{}: {}", key, name));
      }
    }
  }
}

}  // namespace

void check_kubernetes_secrets(kubernetes_review& review) {
  for (const kubernetes_workload& workload : review.workloads) {
    for (const kubernetes_container& container : workload.containers) {
      for (const kubernetes_variable& each : container.variables)
        check_variable(review, workload, container, each);
    }
  }
  for (const kubernetes_object& each : review.folder.objects) {
    if (each.kind == "ConfigMap") check_config_map(review, each);
    if (each.kind == "Secret") check_secret(review, each);
  }
  for (const kubernetes_object& each : review.folder.kustomizations) check_generators(review, each);
}

}  // namespace guildfleet::ops
