#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "ops/check/image_words.hpp"
#include "ops/check/kubernetes_checks.hpp"
#include "ops/yaml_path.hpp"

namespace guildfleet::ops {
namespace {

namespace rule = kubernetes_rule;
using base::yaml_node;

std::string command_of(const yaml_node* probe) {
  std::string out;
  for (const yaml_node& each : items_at(probe, {"exec", "command"})) out += each.text + " ";
  return out;
}

bool has_word(std::string_view text, std::string_view word) {
  constexpr std::string_view parts = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool begins = at == 0 || !parts.contains(text[at - 1]);
    const std::size_t end = at + word.size();
    if (begins && (end == text.size() || !parts.contains(text[end]))) return true;
  }
  return false;
}

// What a path asks for beyond the process itself; empty: nothing that is known.
std::string_view deep_path_in(std::string_view text, bool is_bot) {
  for (const std::string_view path : {"/readyz", "/ready", "/readiness"}) {
    if (text.contains(path)) return path;
  }
  // The whole state, Discord and the database with it.
  if (is_bot && has_word(text, "/health")) return "/health";
  return {};
}

std::string_view deep_part_of(const yaml_node* probe, const kubernetes_container& container, bool is_bot) {
  if (const std::string_view path = text_at(probe, {"httpGet", "path"}); !path.empty())
    return deep_path_in(path.substr(0, path.find('?')), is_bot);
  const std::string command = command_of(probe);
  if (command.empty()) return {};
  for (const std::string_view host : {"discord.com", "discord.gg", "discordapp.com"}) {
    if (command.contains(host)) return host;
  }
  constexpr std::array<std::string_view, 6> clients = {"psql",  "pg_isready", "redis-cli",
                                                       "mysql", "mysqladmin", "mongosh"};
  for (const std::string_view each : clients) {
    if (has_word(command, each) && !is_database_image(container.image)) return each;
  }
  if (has_word(command, "guildfleet") && command.contains("--ready")) return "--ready";
  return deep_path_in(command, is_bot);
}

// What two probes ask, to be compared; a command may hold a password.
std::string question_of(const yaml_node* probe) {
  if (probe == nullptr) return {};
  if (const yaml_node* get = probe->find("httpGet"))
    return fmt::format("{}:{}", text_at(get, {"port"}), text_at(get, {"path"}));
  return command_of(probe);
}

void check_missing(kubernetes_review& review, const kubernetes_workload& workload) {
  const auto has = [&](const char* key) {
    return std::ranges::any_of(workload.containers, [key](const kubernetes_container& each) {
      return each.node->find(key) != nullptr;
    });
  };
  const bool alive = has("livenessProbe");
  const bool ready = has("readinessProbe");
  if (workload.containers.empty() || (alive && ready)) return;
  review.add(rule::no_probes, *workload.object, workload.containers.front().node->at,
             alive   ? "no readinessProbe"
             : ready ? "no livenessProbe"
                     : "neither livenessProbe nor readinessProbe");
}

void check_asked(kubernetes_review& review, const kubernetes_workload& workload) {
  for (const kubernetes_container& each : workload.containers) {
    const yaml_node* alive = each.node->find("livenessProbe");
    if (alive == nullptr) continue;
    const std::string_view deep = deep_part_of(alive, each, workload.is_bot);
    if (!deep.empty()) {
      review.add(rule::deep_liveness, *workload.object, alive->at,
                 fmt::format("the livenessProbe asks {}", deep));
      continue;
    }
    const std::string question = question_of(alive);
    if (workload.is_bot && !question.empty() && question == question_of(each.node->find("readinessProbe")))
      review.add(rule::same_probes, *workload.object, alive->at,
                 alive->find("httpGet") != nullptr
                     ? fmt::format("both ask {}", question.substr(0, question.find('?')))
                     : "both run one command");
  }
}

}  // namespace

void check_kubernetes_probes(kubernetes_review& review) {
  for (const kubernetes_workload& each : review.workloads) {
    if (!each.runs_on() || each.object->kind == "Pod") continue;
    check_missing(review, each);
    check_asked(review, each);
  }
}

}  // namespace guildfleet::ops
