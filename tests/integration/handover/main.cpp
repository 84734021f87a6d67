// handover [--shards NUMBER] [--rate EVENTS_PER_SECOND] [--rounds NUMBER] [--way drain|kill]
//          [--store sqlite|postgres] [--renew MILLISECONDS]
#include <filesystem>
#include <iostream>
#include <vector>

#include "base/log.hpp"
#include "integration/fleet_node.hpp"
#include "integration/handover/handover.hpp"

int main(int count, char** values) {
  using namespace guildfleet;
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() == 2 && arguments.front() == "--node") return integration::run_node(arguments[1]);
  base::configure_logging({.level = base::log_level::error, .node = "handover"});
  handover::options options;
  options.program = std::filesystem::canonical("/proc/self/exe").string();
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const std::string& value = arguments[i + 1];
    if (arguments[i] == "--shards") options.shards = static_cast<std::uint32_t>(std::stoul(value));
    if (arguments[i] == "--rate") options.events_per_second = std::stod(value);
    if (arguments[i] == "--rounds") options.rounds = std::stoi(value);
    if (arguments[i] == "--way") options.how = value == "kill" ? handover::way::kill : handover::way::drain;
    if (arguments[i] == "--store") options.postgres = value == "postgres";
    if (arguments[i] == "--renew") options.renew_every = std::chrono::milliseconds(std::stoi(value));
  }
  if (arguments.size() % 2 != 0) {
    std::cerr << "every option of handover has a value\n";
    return 2;
  }
  return handover::run(options);
}
