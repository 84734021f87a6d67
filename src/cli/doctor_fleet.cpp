// Who runs which shard, whose timers wait, and what running nodes say.
#include <algorithm>
#include <map>
#include <tuple>

#include "cli/configured_stores.hpp"
#include "cli/doctor_request.hpp"
#include "cli/fetch.hpp"
#include "cli/fleet_survey.hpp"
#include "cli/live_figures.hpp"
#include "cli/node_states.hpp"
#include "cli/open_data.hpp"
#include "discord/rest/json_object.hpp"
#include "net/error.hpp"

namespace guildfleet::cli {
namespace {

using ops::doctor::answer;
using ops::doctor::failed;
using ops::doctor::job_facts;
using ops::doctor::node_word;
using ops::doctor::not_asked;

constexpr std::chrono::seconds node_limit{5};
constexpr std::uint32_t jobs_read = 100;
constexpr std::uint32_t dead_jobs_read = 5;

std::vector<ops::doctor::shard_word> words_of(const shard_conditions& from) {
  std::vector<ops::doctor::shard_word> out;
  for (const auto& [where, how] : from)
    out.push_back({.key = where.key,
                   .state = how.state,
                   .held = how.held,
                   .muted = how.muted,
                   .last_event = how.last_event,
                   .guilds = how.guilds});
  return out;
}

answer<node_word> no_node(const std::string& url) {
  return std::unexpected(ops::doctor::no_answer{
      .tried = true, .why = fmt::format("{} does not answer as a guildfleet node does", url), .fix = ""});
}

std::string text_at(const boost::json::object& from, std::string_view key) {
  const auto* value = from.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::vector<ops::doctor::bot_word> bots_in(const boost::json::object& health) {
  std::vector<ops::doctor::bot_word> out;
  const auto* bots = health.if_contains("bots");
  if (bots == nullptr || !bots->is_array()) return out;
  for (const auto& each : bots->get_array()) {
    if (!each.is_object()) continue;
    const auto& bot = each.get_object();
    out.push_back({text_at(bot, "name"), text_at(bot, "status"), text_at(bot, "problem")});
  }
  return out;
}

// The answer to a GET that went well.
answer<net::http_response> page_of(const node_question& node, const std::string& path) {
  auto got = ask(node, path, node_limit);
  if (!got) return failed(got.error());
  if (got->status == 200) return std::move(*got);
  return std::unexpected(ops::doctor::no_answer{
      .tried = true,
      .why = fmt::format("GET {}{} answers with status {}", node.url, path, got->status),
      .fix = ""});
}

answer<ops::doctor::edit_counts> edits_of(const node_question& node) {
  const auto metrics = page_of(node, "/metrics");
  if (!metrics) return std::unexpected(metrics.error());
  return ops::doctor::edit_counts{sum_of_metric(metrics->body, "guildfleet_settings_changes_total"),
                                  sum_of_metric(metrics->body, "guildfleet_settings_conflicts_total")};
}

answer<node_word> ask_node(const node_question& node) {
  const auto health = page_of(node, "/health");
  if (!health) return std::unexpected(health.error());
  const auto body = discord::parse_object(health->body);
  const auto* name = body ? body->if_contains("node") : nullptr;
  const auto* uptime = body ? body->if_contains("uptime") : nullptr;
  if (name == nullptr || !name->is_string() || uptime == nullptr || !uptime->is_int64())
    return no_node(node.url);
  node_word out{.name = std::string(name->get_string()), .uptime = std::chrono::seconds(uptime->get_int64())};
  out.shards = words_of(conditions_in(health->body, 0));
  out.bots = bots_in(*body);
  out.edits = edits_of(node);
  return out;
}

ops::doctor::unheard_node unheard(const store::node_row& node, const node_answers& told) {
  ops::doctor::unheard_node out{.name = node.identity.name};
  if (const auto found = told.unheard.find(node.identity.incarnation); found != told.unheard.end()) {
    out.why = failed(found->second).error().why;
    out.fix = found->second.fix();
  } else if (node.report.address.empty()) {
    out.why = "it tells no address of its own";
  }
  return out;
}

void ask_others(const doctor_scene& scene, ops::doctor::fleet_facts& into) {
  const base::secret& key = scene.config.node.fleet_key;
  into.may_ask_others = !key.empty();
  if (!into.picture || key.empty()) return;
  std::map<std::uint64_t, shard_conditions> by_node;
  const node_answers told = ask_nodes(*into.picture, key);
  for (const auto& [where, how] : told.shards) by_node[where.incarnation].emplace(where, how);
  for (const store::node_row& node : into.picture->nodes) {
    if (into.node && node.identity.name == into.node->name) continue;
    const auto found = by_node.find(node.identity.incarnation);
    if (found != by_node.end())
      into.others.push_back({.name = node.identity.name,
                             .uptime = std::chrono::duration_cast<std::chrono::seconds>(node.up_for),
                             .shards = words_of(found->second)});
    else
      into.unheard.push_back(unheard(node, told));
  }
}

// The configuration with those bots alone: stores of others are left alone.
ops::fleet_config of_bots_meant(const doctor_scene& scene) {
  ops::fleet_config out = scene.config;
  std::erase_if(out.bots, [&](const ops::bot_section& each) {
    return std::ranges::none_of(scene.bots, [&](const auto* meant) { return meant->name == each.name; });
  });
  return out;
}

// Stores are opened as nodes open them, which brings older tables up to this release: only those that need
// nothing are. Empty: they may be asked.
std::string obstacle_to_asking(const ops::doctor::facts& facts) {
  const auto obstacle = [](const answer<store::schema_look>& schema,
                           const std::string& place) -> std::string {
    if (!schema) return fmt::format("{} cannot be read", place);
    using enum store::schema_state;
    if (schema->state == current || schema->state == newer) return {};
    return fmt::format("the tables of {} are not those of this release (GD307)", place);
  };
  if (facts.database) {
    if (auto why = obstacle(facts.database->schema, "the database"); !why.empty()) return why;
  }
  for (const ops::doctor::file_facts& each : facts.files) {
    if (each.file && !each.file->there) continue;
    if (auto why = obstacle(each.schema, each.path); !why.empty()) return why;
  }
  return {};
}

// Of each bot that is meant: others may have their jobs there too.
base::result<std::vector<store::job_row>> list(const opened_data& from,
                                               const std::vector<const ops::bot_section*>& bots,
                                               store::job_state state, std::uint32_t limit) {
  std::vector<store::job_row> out;
  for (const ops::bot_section* bot : bots) {
    store::job_filter filter;
    filter.environment = from.environment;
    filter.bot = store::bot_name{bot->name};
    filter.state = state;
    filter.limit = limit;
    auto some = from.data->list_jobs(filter);
    if (!some) return std::unexpected(std::move(some).error());
    std::ranges::move(*some, std::back_inserter(out));
  }
  std::ranges::sort(out, {}, [](const store::job_row& each) {
    return std::tie(each.plan.due, each.plan.key.bot.value, each.plan.key.key);
  });
  if (out.size() > limit) out.resize(limit);
  return out;
}

answer<job_facts> look_at_jobs(const opened_data& from, const std::vector<const ops::bot_section*>& bots,
                               base::wall_time now) {
  job_facts out{.place = from.place, .now = now};
  auto counts = from.data->read_counts(from.environment);
  if (!counts) return failed(counts.error());
  out.counts = std::move(counts->jobs);
  std::erase_if(out.counts, [&](const store::job_count& each) {
    return std::ranges::none_of(bots, [&](const auto* bot) { return bot->name == each.bot.value; });
  });
  struct wanted {
    store::job_state state;
    std::uint32_t limit;
    std::vector<store::job_row>* into;
  };
  for (const wanted& each : {wanted{store::job_state::waiting, jobs_read, &out.soonest},
                             wanted{store::job_state::leased, jobs_read, &out.leased},
                             wanted{store::job_state::dead, dead_jobs_read, &out.dead}}) {
    auto rows = list(from, bots, each.state, each.limit);
    if (!rows) return failed(rows.error());
    *each.into = std::move(*rows);
  }
  return out;
}

// Each place of data once.
std::vector<answer<job_facts>> look_at_all_jobs(const doctor_scene& scene, const ops::doctor::facts& facts) {
  std::vector<answer<job_facts>> out;
  for (const configured_store& each : stores_of(scene.config)) {
    if (each.path.empty() == scene.config.store.database_url.empty()) continue;  // sessions alone lie there
    const auto file = std::ranges::find(facts.files, each.path, &ops::doctor::file_facts::path);
    if (!each.path.empty() && (file == facts.files.end() || !file->file || !file->file->there)) continue;
    const auto opened = open_data(scene.config, each.bot, absent_file::refuse, scene.clock);
    out.push_back(opened ? look_at_jobs(*opened, scene.bots, scene.clock.wall_now())
                         : answer<job_facts>(failed(opened.error())));
  }
  return out;
}

void count_nodes(const doctor_scene& scene, ops::doctor::facts& into) {
  ops::doctor::database_facts& database = *into.database;
  const auto& deploy = scene.config.deploy;
  const auto living = into.fleet.picture ? static_cast<std::uint32_t>(into.fleet.picture->nodes.size()) : 0;
  const auto described = deploy.pattern == ops::deploy_pattern::services
                             ? static_cast<std::uint32_t>(deploy.nodes * scene.config.bots.size())
                             : 1;
  database.nodes = std::max({1U, living, described});
  database.nodes_by = living >= described && living > 0 ? "living, by the store"
                      : described > 1                   ? "by deploy.nodes for each bot"
                                                        : "none lives; one is assumed";
}

}  // namespace

answer<ops::doctor::memory_series> look_at_memory(const node_question& node) {
  const auto told = ask(node, "/memory", node_limit);
  if (!told) return failed(told.error());
  if (told->status == 404)
    return not_asked(fmt::format("{} has no /memory: is it a guildfleet node of this release?", node.url));
  auto series = ops::doctor::read_memory_series(told->body);
  if (!series) return failed(series.error());
  return std::move(*series);
}

void look_at_fleet(const doctor_scene& scene, ops::doctor::facts& into) {
  ops::doctor::fleet_facts& out = into.fleet;
  out.url = scene.request.node.url;
  out.silent_after = std::chrono::seconds(scene.config.discord.silent_after);
  for (const ops::bot_section* each : scene.bots) out.configured.push_back(each->name);
  const std::string obstacle = obstacle_to_asking(into);
  if (obstacle.empty()) {
    auto picture = survey_fleet(of_bots_meant(scene));
    out.picture = picture ? answer<store::fleet_picture>(std::move(*picture)) : failed(picture.error());
    if (out.picture) out.resharding = !reshards_in(*out.picture).empty();
    out.jobs = look_at_all_jobs(scene, into);
  } else {
    out.picture = not_asked(obstacle);
    out.jobs.push_back(not_asked(obstacle));
  }
  if (into.database) count_nodes(scene, into);
  if (scene.request.offline) {
    out.node = not_asked("--offline");
    out.memory = not_asked("--offline");
    return;
  }
  out.node = ask_node(scene.request.node);
  out.memory = out.node ? look_at_memory(scene.request.node) : not_asked("the node does not answer (GD601)");
  ask_others(scene, out);
}

}  // namespace guildfleet::cli
