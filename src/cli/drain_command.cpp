// guildfleet drain NODE: its shards go to the other nodes, and it stands by until it is told otherwise.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fmt/ranges.h>
#include <memory>
#include <ostream>
#include <set>
#include <thread>

#include "base/count_text.hpp"
#include "cli/config_input.hpp"
#include "cli/lease_places.hpp"
#include "fleet/lease_plan.hpp"
#include "fleet/rollout_view.hpp"

namespace guildfleet::cli {
namespace {

using namespace std::chrono_literals;

struct drain_request {
  config_options config;
  std::string node;
  bool undo = false;
  unsigned wait_seconds = 60;
};

using places = std::vector<std::unique_ptr<store::store>>;

// Whether a node of this name lives in any of the stores; an error of one of them ends it.
base::result<bool> ask(const places& all, const drain_request& request) {
  bool found = false;
  for (const auto& place : all) {
    const auto asked = place->ask_to_drain(request.node, !request.undo);
    if (!asked) return asked;
    found |= *asked;
  }
  return found;
}

struct holdings {
  std::size_t shards = 0;
  std::size_t stuck = 0;            // of them, that no other node may take
  std::string release{};            // of the node
  std::set<std::string> of{};       // the bots of the stuck ones
  std::set<std::string> others{};   // releases of other nodes that serve those bots
  bool others_drain = false;        // there is another node that would serve one if it did not drain
  std::set<std::string> changed{};  // bots whose number of shards this node changes
};

void add_stuck(holdings& to, const store::fleet_picture& seen, const store::node_row& node) {
  std::set<store::lease_key> held;
  for (const store::lease_row& lease : seen.leases) {
    if (lease.owner == node.identity && lease.is_owned()) held.insert(lease.key);
  }
  to.shards += held.size();
  to.release = node.report.release;
  const fleet::release_rules rules = fleet::rules_of(seen);
  for (const fleet::lease_gift& gift : fleet::plan_leases(seen, node.identity, held, UINT32_MAX, rules).give)
    held.erase(gift.key);
  to.stuck += held.size();
  for (const store::lease_key& key : held) {
    to.of.insert(key.bot.value);
    const auto rule = rules.find(key.bot);
    if (rule != rules.end() && rule->second.only == node.identity) to.changed.insert(key.bot.value);
    for (const store::node_row& other : seen.nodes) {
      if (other.identity == node.identity || other.serves(key.bot) == nullptr) continue;
      if (other.drains())
        to.others_drain = true;
      else
        to.others.insert(other.report.release);
    }
  }
}

base::result<holdings> count(const places& all, const std::string& node) {
  holdings out;
  for (const auto& place : all) {
    auto seen = place->survey();
    if (!seen) return std::unexpected(seen.error());
    // As the nodes will see it once they have heard of the wish.
    for (store::node_row& row : seen->nodes) {
      if (row.drain_asked) row.report.weight = 0;
    }
    for (const store::node_row& row : seen->nodes) {
      if (row.identity.name == node) add_stuck(out, *seen, row);
    }
  }
  return out;
}

std::string why_stuck(const holdings& of, const std::string& node) {
  const std::string what =
      fmt::format("{} keeps {} of {}: ", node, base::count_text(of.stuck, "shard"), fmt::join(of.of, ", "));
  if (!of.changed.empty())
    return what + "it changes their number. They go to other nodes once that has ended, or when it stops.\n";
  if (of.others.empty() && of.others_drain)
    return what + "the other nodes drain too; guildfleet drain --undo lets one of them take shards.\n";
  if (of.others.empty()) return what + "there is no other node. It gives them away as soon as one comes.\n";
  if (!of.others.contains(of.release))
    return what + fmt::format(
                      "no other node has its release {}. Start one, or move the bot with "
                      "guildfleet rollout start --to {}\n",
                      of.release, *of.others.rbegin());
  return what + "the other nodes run the bot with another number of shards\n";
}

exit_code follow(const places& all, const drain_request& request, const terminal& to) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(request.wait_seconds);
  std::optional<std::size_t> shown;
  while (true) {
    const auto now = count(all, request.node);
    if (!now) return tell_failure(to, now.error());
    if (now->shards == 0) {
      to.out << request.node << " holds no shard and stands by\n";
      return exit_code::fine;
    }
    if (now->stuck == now->shards) {
      to.err << why_stuck(*now, request.node)
             << fmt::format("The wish stays noted; guildfleet drain {} --undo takes it back.\n",
                            request.node);
      return exit_code::refused;
    }
    if (shown != now->shards) to.err << base::count_text(now->shards, "shard") << " left\n";
    shown = now->shards;
    if (std::chrono::steady_clock::now() >= until) return exit_code::timed_out;
    std::this_thread::sleep_for(look_every);
  }
}

exit_code drain(const drain_request& request, const ops::fleet_config& config, const terminal& to) {
  const base::system_clock clock;
  const auto opened = open_lease_places(config, clock);
  if (!opened) return tell_failure(to, opened.error());
  const auto until = std::chrono::steady_clock::now() + node_appears_within;
  while (true) {
    const auto asked = ask(*opened, request);
    if (!asked) return tell_failure(to, asked.error());
    if (*asked) break;
    if (std::chrono::steady_clock::now() >= until) {
      to.err << fmt::format("there is no node {} that runs; guildfleet shards lists them\n", request.node);
      return exit_code::failed;
    }
    std::this_thread::sleep_for(look_every);
  }
  if (!request.undo) return follow(*opened, request, to);
  to.out << request.node << " takes shards again\n";
  return exit_code::fine;
}

}  // namespace

command_action attach_drain(CLI::App& app, const program_facts& facts) {
  const auto request = std::make_shared<drain_request>();
  add_config_options(app, request->config);
  app.add_option("node", request->node, "its name")->required();
  app.add_flag("--undo", request->undo, "let it take shards again");
  app.add_option("--wait", request->wait_seconds, "seconds to follow it")->capture_default_str();
  return [request, &facts](const terminal& to) {
    return with_config(request->config, facts, to,
                       [&](const ops::fleet_config& config) { return drain(*request, config, to); });
  };
}

}  // namespace guildfleet::cli
