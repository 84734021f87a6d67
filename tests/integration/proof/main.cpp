// proof [--faults NAME,NAME...] [--rounds NUMBER] [--seed NUMBER] [--shards NUMBER] [--nodes NUMBER]
//       [--rate EVENTS_PER_SECOND] [--ttl MILLISECONDS] [--logs FOLDER]
#include <filesystem>
#include <iostream>
#include <ranges>

#include "base/log.hpp"
#include "integration/fleet_node.hpp"
#include "integration/proof/cluster.hpp"
#include "support/network_lab.hpp"

namespace guildfleet::proof {
namespace {

bool take_faults(const std::string& names, options& to) {
  for (const auto part : std::views::split(names, ',')) {
    const auto found = fault_of(std::string_view(part));
    if (!found) return false;
    to.faults.push_back(*found);
  }
  return true;
}

bool take(const std::string& name, const std::string& value, options& to) {
  if (name == "--faults") return take_faults(value, to);
  if (name == "--rounds") {
    to.rounds = std::stoi(value);
  } else if (name == "--seed") {
    to.seed = std::stoull(value);
  } else if (name == "--shards") {
    to.shards = static_cast<std::uint32_t>(std::stoul(value));
  } else if (name == "--nodes") {
    to.nodes = std::stoi(value);
  } else if (name == "--rate") {
    to.events_per_second = std::stod(value);
  } else if (name == "--logs") {
    to.logs = value;
  } else if (name == "--ttl") {
    const std::chrono::milliseconds ttl(std::stol(value));
    to.leases = {.ttl = ttl, .renew_every = ttl / 3, .margin = ttl / 6};
  } else {
    return false;
  }
  return true;
}

bool wants_network(const options& wanted) {
  return wanted.faults.empty() || std::ranges::any_of(wanted.faults, [](fault each) {
           return each == fault::store || each == fault::discord || each == fault::both;
         });
}

}  // namespace
}  // namespace guildfleet::proof

int main(int count, char** values) {
  using namespace guildfleet;
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() == 2 && arguments.front() == "--node") return integration::run_node(arguments[1]);
  base::configure_logging({.level = base::log_level::error, .node = "proof"});
  proof::options wanted;
  wanted.program = std::filesystem::canonical("/proc/self/exe").string();
  bool good = arguments.size() % 2 == 0;
  for (std::size_t i = 0; good && i + 1 < arguments.size(); i += 2)
    good = proof::take(arguments[i], arguments[i + 1], wanted);
  if (!good) {
    std::cerr << "proof does not know this; its options stand at the top of its main.cpp\n";
    return 2;
  }
  proof::abilities here;
  here.no_networks = proof::wants_network(wanted) ? support::network_lab::enter().value_or("")
                                                  : std::string("no fault asks for them");
  here.no_clock = proof::obstacle_to_clocks();
  return proof::run(wanted, here);
}
