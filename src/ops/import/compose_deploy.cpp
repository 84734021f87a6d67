#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ops/import/compose_parts.hpp"
#include "ops/render/compose_servers.hpp"

namespace guildfleet::ops {
namespace {

constexpr std::array<std::string_view, 22> rendered_keys = {
    "build",        "cap_add",     "cap_drop",    "command",  "container_name", "depends_on",
    "entrypoint",   "expose",      "healthcheck", "hostname", "init",           "logging",
    "networks",     "pids_limit",  "ports",       "profiles", "read_only",      "restart",
    "security_opt", "stop_signal", "tmpfs",       "user"};
constexpr std::array<std::string_view, 11> used_keys = {
    "image", "environment",       "env_file", "secrets", "volumes",        "mem_limit",
    "cpus",  "stop_grace_period", "deploy",   "scale",   "mem_reservation"};

template <std::size_t Size>
bool contains(const std::array<std::string_view, Size>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::optional<double> number_at(std::string_view text, std::string_view& rest) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || !(value > 0 && value < 1e12)) return std::nullopt;
  rest = text.substr(static_cast<std::size_t>(end - text.data()));
  return value;
}

// "256m", "1g", "512M", "1.5GiB"; in MiB.
std::optional<std::uint32_t> mebibytes(std::string_view text) {
  std::string_view unit;
  const auto value = number_at(text, unit);
  if (!value) return std::nullopt;
  const char letter = unit.empty() ? 'b' : static_cast<char>(unit.front() | 0x20);
  const double bytes = letter == 'g'   ? *value * 0x1p30
                       : letter == 'm' ? *value * 0x1p20
                       : letter == 'k' ? *value * 0x1p10
                                       : *value;
  const double out = std::ceil(bytes / 0x1p20);
  if (out < 64 || out > 1'048'576) return std::nullopt;
  return static_cast<std::uint32_t>(out);
}

std::string either(const compose_service& service, std::string_view one, std::string_view other) {
  std::string out = service.text(one);
  return out.empty() ? service.text(other) : out;
}

void import_limits(const std::vector<imported_bot>& bots, fleet_draft& draft) {
  std::uint32_t memory = 0;
  double cpus = 0;
  for (const imported_bot& bot : bots) {
    memory = std::max(
        memory, mebibytes(either(*bot.service, "mem_limit", "deploy.resources.limits.memory")).value_or(0));
    std::string_view rest;
    const std::string text = either(*bot.service, "cpus", "deploy.resources.limits.cpus");
    if (const auto value = number_at(text, rest); value && rest.empty() && *value >= 0.05 && *value <= 64)
      cpus = std::max(cpus, *value);
  }
  if (memory != 0) draft.settings["deploy.memory_mib"] = fmt::format("{}", memory);
  if (cpus != 0) draft.settings["deploy.cpus"] = fmt::format("{}", cpus);
}

void import_drain(const std::vector<imported_bot>& bots, fleet_draft& draft) {
  std::chrono::milliseconds longest{0};
  for (const imported_bot& bot : bots) {
    const auto grace = compose_duration(bot.service->text("stop_grace_period"));
    longest = std::max(longest, grace.value_or(std::chrono::milliseconds(0)));
  }
  const auto drain = std::chrono::duration_cast<std::chrono::seconds>(longest) - grace_beyond_drain;
  if (drain.count() >= 10 && drain.count() <= 600)
    draft.settings["deploy.drain"] = fmt::format("{}", drain.count());
}

std::uint32_t replicas_of(const compose_service& service) {
  const std::string text = either(service, "scale", "deploy.replicas");
  std::uint32_t value = 1;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size() && value >= 1 && value <= 1'000 ? value
                                                                                                    : 1;
}

void import_nodes(const std::vector<imported_bot>& bots, fleet_draft& draft) {
  std::uint32_t nodes = 1;
  for (const imported_bot& bot : bots) nodes = std::max(nodes, replicas_of(*bot.service));
  const auto given = [&](const char* path) {
    return draft.settings.contains(path) || draft.settings.contains(std::string(path) + "_file");
  };
  const bool has_database = given("store.database_url");
  if (has_database && (given("redis.url") || nodes > 1)) {
    draft.settings["deploy.pattern"] = "services";
    draft.settings["deploy.nodes"] = fmt::format("{}", nodes);
  } else if (nodes > 1) {
    const auto most =
        std::ranges::max_element(bots, {}, [](const imported_bot& bot) { return replicas_of(*bot.service); });
    draft.left.push_back(
        {most->service->name, "replicas",
         "several nodes of one bot need a database for their leases: set store.database_url"});
  }
}

void import_image(const std::vector<imported_bot>& bots, fleet_draft& draft) {
  for (const imported_bot& bot : bots) {
    const compose_service& service = *bot.service;
    if (service.is_guildfleet()) {
      draft.settings.try_emplace("deploy.image", service.image);
      continue;
    }
    const std::string what = service.is_built ? "build" : "image";
    draft.left.push_back(
        {service.name, what,
         "what this program does for its members does not come along: guildfleet runs features "
         "of its own"});
  }
}

void tell_of_bot(const imported_bot& bot, fleet_draft& draft) {
  std::vector<std::string> rendered;
  for (const auto& [key, at, value] : bot.service->node->members) {
    if (key == "extends")
      draft.left.push_back({bot.service->name, key,
                            "another file is not followed; import what this writes: docker compose config"});
    else if (contains(rendered_keys, key))
      rendered.push_back(key);
    else if (!contains(used_keys, key) && !key.starts_with("x-"))
      draft.left.push_back({bot.service->name, key, "nothing in fleet.yaml corresponds to it"});
  }
  if (!rendered.empty())
    draft.left.push_back({bot.service->name, fmt::format("{}", fmt::join(rendered, ", ")),
                          "guildfleet render writes its own"});
  const std::optional<sqlite_place> place = sqlite_of(*bot.service);
  const bool is_ours = bot.service->is_guildfleet();
  for (const compose_mount& each : bot.service->mounts) {
    const bool is_store = place && place->mount == &each;
    if (!each.is_kept || (is_store && is_ours)) continue;
    draft.left.push_back(
        {bot.service->name, each.target,
         is_ours ? "this mount is not translated"
                 : fmt::format("data of another program, in {}; they are not taken", each.source)});
  }
  if (place && !is_ours)
    draft.left.push_back({bot.service->name, place->path, "data of another program; they are not taken"});
}

std::string_view stand_in_for(const compose_service& service) {
  const std::string name = service.image_name();
  if (name.starts_with("postgres"))
    return "guildfleet render compose writes one (deploy.database: inside); its data moves with pg_dump";
  if (name.starts_with("redis") || name.starts_with("valkey"))
    return "guildfleet render compose writes one for pattern: services; nothing in it is needed";
  if (name.contains("nginx"))
    return "guildfleet render nginx writes one for pattern: services, with /<bot>/ for each bot";
  if (name == "prometheus" || name == "grafana" || name == "alertmanager")
    return "guildfleet render compose writes one in the profile monitoring";
  return "it is no bot; keep it beside";
}

}  // namespace

void import_deploy(const std::vector<imported_bot>& bots, fleet_draft& draft) {
  import_image(bots, draft);
  import_nodes(bots, draft);
  import_limits(bots, draft);
  import_drain(bots, draft);
}

void tell_the_rest(const compose_file& file, const std::vector<imported_bot>& bots, fleet_draft& draft) {
  for (const compose_service& service : file.services) {
    const auto bot = std::ranges::find(bots, &service, &imported_bot::service);
    if (bot != bots.end())
      tell_of_bot(*bot, draft);
    else if (tokens_of(service).empty())
      draft.left.push_back({service.name, "the whole service", std::string(stand_in_for(service))});
  }
}

}  // namespace guildfleet::ops
