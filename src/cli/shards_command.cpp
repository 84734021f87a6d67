// guildfleet shards: who runs which shard, as the stores that hold the leases know it, and how it is, as its
// node tells over the peer link.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/ranges.h>
#include <map>
#include <memory>
#include <ostream>

#include "cli/config_input.hpp"
#include "cli/fleet_survey.hpp"
#include "cli/node_states.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

struct shards_options {
  config_options config;
  std::string output = "text";
};

// "0-3, 7"
std::string ranges_of(const std::vector<std::uint32_t>& ascending) {
  std::string text;
  for (std::size_t i = 0; i < ascending.size();) {
    std::size_t last = i;
    while (last + 1 < ascending.size() && ascending[last + 1] == ascending[last] + 1) ++last;
    if (!text.empty()) text += ", ";
    text += last == i ? fmt::format("{}", ascending[i]) : fmt::format("{}-{}", ascending[i], ascending[last]);
    i = last + 1;
  }
  return text;
}

json::value milliseconds_or_null(const std::optional<std::chrono::milliseconds>& time) {
  return time ? json::value(time->count()) : json::value();
}

json::object as_json(const store::fleet_picture& seen, const shard_conditions& conditions) {
  json::array nodes;
  for (const store::node_row& node : seen.nodes) {
    nodes.push_back({{"name", node.identity.name},
                     {"release", node.report.release},
                     {"address", node.report.address},
                     {"weight", node.report.weight},
                     {"draining", node.drains()},
                     {"up_ms", node.up_for.count()},
                     {"seen_ms", node.seen_ago.count()}});
  }
  json::array shards;
  for (const store::lease_row& lease : seen.leases) {
    const bool owned = lease.is_owned();
    const auto known = conditions.find({lease.owner.incarnation, lease.key});
    const bool told = owned && known != conditions.end();
    shards.push_back(
        {{"bot", lease.key.bot.value},
         {"shard", lease.key.shard.index},
         {"count", lease.key.shard.count},
         {"node", owned ? json::value(lease.owner.name) : json::value()},
         {"epoch", lease.epoch},
         {"lease_left_ms", owned ? json::value(lease.free_in.count()) : json::value()},
         {"state", told ? json::value(known->second.state) : json::value()},
         {"latency_ms", told ? milliseconds_or_null(known->second.latency) : json::value()},
         {"last_event_ms", told ? milliseconds_or_null(known->second.last_event) : json::value()}});
  }
  json::array reshards;
  for (const fleet::reshard& each : reshards_in(seen))
    reshards.push_back({{"bot", each.bot.value},
                        {"from", each.from},
                        {"to", each.to},
                        {"state", fleet::name_of(each.state)}});
  return {{"nodes", std::move(nodes)}, {"shards", std::move(shards)}, {"reshards", std::move(reshards)}};
}

struct share {
  std::vector<std::uint32_t> shards;
  const store::node_row* node = nullptr;
  std::chrono::milliseconds least_left = std::chrono::milliseconds::max();
  std::map<std::string, std::size_t> states{};
  std::chrono::milliseconds latencies{0};
  std::int64_t measured = 0;
  std::optional<std::chrono::milliseconds> quietest{};

  void add(const shard_condition& one) {
    ++states[one.state];
    if (one.latency) {
      latencies += *one.latency;
      ++measured;
    }
    if (one.last_event) quietest = std::max(quietest.value_or(*one.last_event), *one.last_event);
  }
};

// "8 connected", or "7 connected, 1 holding"; "-" where its node was not asked.
cell state_cell(const share& of) {
  if (of.states.empty()) return {"-"};
  std::vector<std::string> parts;
  for (const auto& [state, count] : of.states) parts.push_back(fmt::format("{} {}", count, state));
  const bool fine = of.states.size() == 1 && of.states.contains("connected");
  return {fmt::format("{}", fmt::join(parts, ", ")), fine ? colour::green : colour::yellow};
}

void print(const store::fleet_picture& seen, const shard_conditions& conditions, const terminal& to) {
  if (seen.leases.empty()) {
    to.out << "no node has run a shard yet\n";
    return;
  }
  // By bot, shard count and node; nobody comes first.
  std::map<std::tuple<std::string, std::uint32_t, std::string>, share> shares;
  for (const store::lease_row& lease : seen.leases) {
    const bool owned = lease.is_owned();
    share& of = shares[{lease.key.bot.value, lease.key.shard.count, owned ? lease.owner.name : ""}];
    of.shards.push_back(lease.key.shard.index);
    if (!owned) continue;
    of.node = seen.node(lease.owner);
    of.least_left = std::min(of.least_left, lease.free_in);
    const auto known = conditions.find({lease.owner.incarnation, lease.key});
    if (known != conditions.end()) of.add(known->second);
  }
  std::vector<std::vector<cell>> table{{{"BOT", colour::bold},
                                        {"OF", colour::bold},
                                        {"NODE", colour::bold},
                                        {"RELEASE", colour::bold},
                                        {"SHARDS", colour::bold},
                                        {"STATE", colour::bold},
                                        {"LATENCY", colour::bold},
                                        {"LAST EVENT", colour::bold},
                                        {"LEASE", colour::bold}}};
  for (const auto& [key, of] : shares) {
    const auto& [bot, count, node] = key;
    const bool draining = of.node != nullptr && of.node->drains();
    table.push_back(
        {{bot},
         {std::to_string(count)},
         node.empty() ? cell{"nobody", colour::yellow} : cell{node + (draining ? " (drains)" : "")},
         {of.node == nullptr ? "-" : of.node->report.release},
         {ranges_of(of.shards)},
         state_cell(of),
         {of.measured == 0 ? "-" : fmt::format("{} ms", of.latencies.count() / of.measured)},
         {of.quietest ? fmt::format("{:.1f} s ago", static_cast<double>(of.quietest->count()) / 1'000) : "-"},
         {node.empty() ? "-"
                       : fmt::format("{:.1f} s left", static_cast<double>(of.least_left.count()) / 1'000)}});
  }
  print_table(to, table);
  for (const fleet::reshard& each : reshards_in(seen))
    to.out << fmt::format("{} is changed from {} to {} shards: {}\n", each.bot.value, each.from, each.to,
                          fleet::name_of(each.state));
  std::set<std::string> told;  // a node has a row in each file of leases
  for (const store::node_row& node : seen.nodes) {
    const bool works = std::ranges::any_of(
        seen.leases, [&](const auto& lease) { return lease.is_owned() && lease.owner == node.identity; });
    if (!works && told.insert(node.identity.name).second)
      to.out << node.identity.name << (node.drains() ? " drains and stands by\n" : " stands by\n");
  }
}

exit_code show(const shards_options& options, const ops::fleet_config& config, const terminal& to) {
  const auto seen = survey_fleet(config);
  if (!seen) return tell_failure(to, seen.error());
  const shard_conditions conditions = ask_nodes(*seen, config.node.fleet_key).shards;
  if (options.output == "json")
    to.out << json::serialize(as_json(*seen, conditions)) << '\n';
  else
    print(*seen, conditions, to);
  return exit_code::fine;
}

}  // namespace

command_action attach_shards(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<shards_options>();
  add_config_options(app, options->config);
  app.add_option("-o,--output", options->output, "text or json")->check(CLI::IsMember({"text", "json"}));
  return [options, &facts](const terminal& to) {
    return with_config(options->config, facts, to,
                       [&](const ops::fleet_config& config) { return show(*options, config, to); });
  };
}

}  // namespace guildfleet::cli
