#include <array>
#include <iostream>
#include <unistd.h>

#include "cli/command.hpp"
#include "cli/lost_output.hpp"
#include "features/registry.hpp"

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

}  // namespace

int main(int argc, char** argv) {
  using namespace guildfleet;
  cli::program_facts facts;
  facts.version = GUILDFLEET_VERSION;
  facts.host_name = host_name();
  facts.variables = base::process_environment();
  facts.known_features = features::feature_names();
  facts.default_features = features::default_feature_names();
  facts.known_variants = features::variant_names();
  const cli::terminal to{std::cout, std::cerr, cli::wants_colours(STDOUT_FILENO, facts.variables)};
  const cli::exit_code code = cli::run_program(cli::command_table(), {argv + 1, argv + argc}, facts, to);
  return static_cast<int>(cli::after_output(code, to));
}
