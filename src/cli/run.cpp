// guildfleet run: this node's bots, until it is told to stop.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <ostream>
#include <unistd.h>

#include "base/allocator.hpp"
#include "cli/config_input.hpp"
#include "cli/node.hpp"

namespace guildfleet::cli {

namespace {

// Told to the process that is begun anew: it is not to try again.
constexpr const char* begun_profiled = "GUILDFLEET_BEGUN_PROFILED";

// As this process was started.
std::vector<std::string> own_words() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> out;
  for (std::string word; std::getline(in, word, '\0');) out.push_back(word);
  return out;
}

// Begins the process anew on an allocator that keeps a profile; nullopt: it runs on it.
std::optional<exit_code> begin_profiled(const terminal& to) {
  if (base::heap_is_profiled()) return std::nullopt;
  if (!base::runs_on_jemalloc() && std::getenv(begun_profiled) == nullptr) {
    ::setenv("LD_PRELOAD", base::profiling_environment::preload, 1);
    ::setenv("MALLOC_CONF", base::profiling_environment::options, 1);
    ::setenv(begun_profiled, "1", 1);
    std::vector<std::string> words = own_words();
    std::vector<char*> pointers;
    for (std::string& each : words) pointers.push_back(each.data());
    pointers.push_back(nullptr);
    ::execv("/proc/self/exe", pointers.data());
  }
  to.err << "guildfleet: --heap-profile needs jemalloc with profiling: apt-get install libjemalloc2"
         << (base::runs_on_jemalloc()
                 ? "; this process runs on one that keeps no profile: take LD_PRELOAD away\n"
                 : "\n");
  return exit_code::usage;
}

}  // namespace

command_action attach_run(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<config_options>();
  const auto profiled = std::make_shared<bool>(false);
  add_config_options(app, *options);
  app.add_flag(
      "--heap-profile", *profiled,
      "keep a profile of the heap, for `guildfleet doctor heap`; needs libjemalloc2, costs a few per cent");
  return [options, profiled, &facts](const terminal& to) {
    if (*profiled) {
      if (const auto refused = begin_profiled(to)) return *refused;
    }
    auto outcome = load_config(*options, facts);
    print_problems(outcome.problems, to);
    if (!outcome.config) return exit_code::usage;
    return run_node({std::move(*outcome.config), {}, facts.variables}, to);
  };
}

}  // namespace guildfleet::cli
