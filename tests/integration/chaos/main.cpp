// chaos [--for SECONDS] [--seed NUMBER] [--rate EVENTS_PER_SECOND]
#include <filesystem>
#include <iostream>

#include "base/log.hpp"
#include "integration/chaos/chaos.hpp"

#if __has_feature(address_sanitizer)
// AddressSanitizer keeps freed memory back, 256 MB by default, which would look like growth.
extern "C" const char* __asan_default_options() {
  return "quarantine_size_mb=16";
}
#endif

int main(int count, char** values) {
  using namespace guildfleet;
  std::vector<std::string> arguments(values + 1, values + count);
  if (!arguments.empty() && arguments.front() == "--node") {
    arguments.erase(arguments.begin());
    return chaos::run_chaos_node(arguments);
  }
  base::configure_logging({.level = base::log_level::error, .node = "chaos"});
  chaos::chaos_options options;
  options.program = std::filesystem::canonical("/proc/self/exe").string();
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    if (arguments[i] == "--for") options.run_for = std::chrono::seconds(std::stol(arguments[i + 1]));
    if (arguments[i] == "--seed") options.seed = std::stoull(arguments[i + 1]);
    if (arguments[i] == "--rate") options.events_per_second = std::stod(arguments[i + 1]);
  }
  if (arguments.size() % 2 != 0) {
    std::cerr << "use: chaos [--for SECONDS] [--seed NUMBER] [--rate EVENTS_PER_SECOND]\n";
    return 2;
  }
  return chaos::run_chaos(options);
}
