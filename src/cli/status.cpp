// guildfleet status and guildfleet health: two ways to ask a running node.
#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <ostream>

#include "cli/node_question.hpp"
#include "cli/status_table.hpp"

namespace guildfleet::cli {
namespace {

struct status_options {
  node_question node;
  std::string output = "text";
  bool ready = false;
};

exit_code status(const status_options& options, const terminal& to) {
  const auto answer = ask(options.node, "/health", std::chrono::seconds(5));
  if (!answer) return tell_no_answer(answer.error(), to);
  if (options.output != "json") return print_status(answer->body, to);
  to.out << answer->body << '\n';
  return all_serve(answer->body) ? exit_code::fine : exit_code::failed;
}

exit_code health(const status_options& options, const terminal& to) {
  const auto answer = ask(options.node, options.ready ? "/readyz" : "/livez", std::chrono::seconds(4));
  if (!answer) return tell_no_answer(answer.error(), to);
  to.out << answer->body;
  return answer->status == 200 ? exit_code::fine : exit_code::failed;
}

}  // namespace

command_action attach_status(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<status_options>();
  add_node_options(app, options->node);
  app.add_option("-o,--output", options->output, "text or json")->check(CLI::IsMember({"text", "json"}));
  return [options, &facts](const terminal& to) {
    find_node(options->node, facts);
    return status(*options, to);
  };
}

command_action attach_health(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<status_options>();
  add_node_options(app, options->node);
  app.add_flag("--ready", options->ready, "ask whether it is ready, not only alive");
  return [options, &facts](const terminal& to) {
    find_node(options->node, facts);
    return health(*options, to);
  };
}

}  // namespace guildfleet::cli
