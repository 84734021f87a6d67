// guildfleet drain NODE: its shards go to the other nodes, and it stands by until it is told otherwise.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <ostream>
#include <thread>

#include "cli/config_input.hpp"
#include "cli/lease_places.hpp"

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
  std::size_t of_node = 0;
  std::size_t others = 0;  // living nodes
};

base::result<holdings> count(const places& all, const std::string& node) {
  holdings out;
  for (const auto& place : all) {
    const auto seen = place->survey();
    if (!seen) return std::unexpected(seen.error());
    out.others += static_cast<std::size_t>(
        std::ranges::count_if(seen->nodes, [&](const auto& row) { return row.identity.name != node; }));
    out.of_node += static_cast<std::size_t>(std::ranges::count_if(
        seen->leases, [&](const auto& lease) { return lease.owner.name == node && lease.is_owned(); }));
  }
  return out;
}

exit_code follow(const places& all, const drain_request& request, const terminal& to) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(request.wait_seconds);
  std::optional<std::size_t> shown;
  while (true) {
    const auto now = count(all, request.node);
    if (!now) return tell_failure(to, now.error());
    if (now->of_node == 0) {
      to.out << request.node << " holds no shard and stands by\n";
      return exit_code::fine;
    }
    if (now->others == 0) {
      to.err << fmt::format(
          "{} keeps its {} shards: there is no other node. It gives them away as soon as one comes.\n",
          request.node, now->of_node);
      return exit_code::refused;
    }
    if (shown != now->of_node) to.err << fmt::format("{} shards left\n", now->of_node);
    shown = now->of_node;
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
