#include "cli/node_question.hpp"

#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/fetch.hpp"
#include "net/error.hpp"

namespace guildfleet::cli {

void add_node_options(CLI::App& app, node_question& options) {
  add_config_options(app, options.config);
  app.add_option("--url", options.url,
                 "the node's address (default: this machine, the configuration's port)");
}

void find_node(node_question& options, const program_facts& facts) {
  if (!options.url.empty()) return;
  const auto outcome = load_config(options.config, facts);
  const std::string port =
      outcome.config ? std::to_string(outcome.config->port) : facts.variables("PORT").value_or("3001");
  options.url = "http://127.0.0.1:" + port;
}

base::result<net::http_response> ask(const node_question& options, const std::string& path,
                                     std::chrono::milliseconds limit) {
  return fetch(options.url, path, limit);
}

exit_code tell_no_answer(const base::error& failure, const terminal& to) {
  to.err << failure.message() << '\n';
  if (failure.code() == net::make_error_code(net::net_error::bad_url)) return exit_code::usage;
  return failure.code() == net::make_error_code(net::net_error::timed_out) ? exit_code::timed_out
                                                                           : exit_code::failed;
}

}  // namespace guildfleet::cli
