// outages [--down SECONDS] [--only FAULT]: a table of every way to lose the database, and what each cost.
#include <fmt/format.h>
#include <iostream>

#include "integration/outages/outages.hpp"

namespace {

using namespace guildfleet;

// Each trial has a database of its own: a fault may leave it changed.
int run_all(const outages::options& options) {
  int failures = 0;
  fmt::print("{:<20} {:<7} {:>9} {:>9} {:>9} {:>9} {:>9}\n", "fault", "leases", "save ms", "events ms",
             "sent", "handled", "answered");
  for (auto* make : {outages::make_single_server, outages::make_full_disk, outages::make_pair_of_servers}) {
    const auto sample = make();
    if (sample == nullptr) {
      fmt::print("skipped: no file system can be mounted here\n");
      continue;
    }
    for (std::size_t i = 0; i < sample->faults().size(); ++i) {
      for (const char* leases : {"shared", "local"}) {
        const auto lab = make();
        const outages::fault fault = lab->faults().at(i);
        if (!options.only.empty() && options.only != fault.name) continue;
        const outages::verdict done = outages::run_fault(*lab, fault, leases, options.down);
        fmt::print("{:<20} {:<7} {:>9} {:>9} {:>9} {:>9} {:>9}\n", done.fault, done.leases, done.save.count(),
                   done.events.count(), done.sent, done.handled,
                   fmt::format("{}/{}", done.answers, done.asked));
        for (const std::string& each : done.complaints) fmt::print("    {}\n", each);
        std::cout.flush();
        if (!done.complaints.empty()) ++failures;
      }
    }
  }
  return failures == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  outages::options options;
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    if (arguments[i] == "--down") options.down = std::chrono::seconds(std::stol(arguments[i + 1]));
    if (arguments[i] == "--only") options.only = arguments[i + 1];
  }
  if (arguments.size() % 2 != 0) {
    std::cerr << "use: outages [--down SECONDS] [--only FAULT]\n";
    return 2;
  }
  return run_all(options);
}
