// guildfleet experiments: what a running node has counted in the servers with a variant and in those without.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/experiments_table.hpp"
#include "cli/node_question.hpp"

namespace guildfleet::cli {
namespace {

struct experiments_options {
  node_question node;
  std::string output = "text";
};

exit_code compare(const experiments_options& options, const terminal& to) {
  const auto answer = ask(options.node, "/health", std::chrono::seconds(5));
  if (!answer) return tell_no_answer(answer.error(), to);
  return options.output == "json" ? print_experiments_json(answer->body, to)
                                  : print_experiments(answer->body, to);
}

}  // namespace

command_action attach_experiments(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<experiments_options>();
  add_node_options(app, options->node);
  app.add_option("-o,--output", options->output, "text or json")->check(CLI::IsMember({"text", "json"}));
  return [options, &facts](const terminal& to) {
    find_node(options->node, facts);
    return compare(*options, to);
  };
}

}  // namespace guildfleet::cli
