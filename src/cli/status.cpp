// guildfleet status and guildfleet health: two ways to ask a running node.
#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <ostream>

#include "cli/fetch.hpp"
#include "cli/status_table.hpp"
#include "net/error.hpp"

namespace guildfleet::cli {
namespace {

struct status_options {
  std::string url;
  std::string output = "text";
  bool ready = false;
};

void add_url(CLI::App& app, status_options& options, const program_facts& facts) {
  options.url = "http://127.0.0.1:" + facts.variables("PORT").value_or("3001");
  app.add_option("--url", options.url, "the node's address")->capture_default_str();
}

exit_code report(const base::error& failure, const terminal& to) {
  to.err << failure.message() << '\n';
  return failure.code() == net::make_error_code(net::net_error::timed_out) ? exit_code::timed_out
                                                                           : exit_code::failed;
}

exit_code status(const status_options& options, const terminal& to) {
  const auto answer = fetch(options.url, "/health", std::chrono::seconds(5));
  if (!answer) return report(answer.error(), to);
  if (options.output != "json") return print_status(answer->body, to);
  to.out << answer->body << '\n';
  const auto ready = fetch(options.url, "/readyz", std::chrono::seconds(5));
  return ready && ready->status == 200 ? exit_code::fine : exit_code::failed;
}

exit_code health(const status_options& options, const terminal& to) {
  const auto answer = fetch(options.url, options.ready ? "/readyz" : "/livez", std::chrono::seconds(4));
  if (!answer) return report(answer.error(), to);
  to.out << answer->body;
  return answer->status == 200 ? exit_code::fine : exit_code::failed;
}

}  // namespace

command_action attach_status(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<status_options>();
  add_url(app, *options, facts);
  app.add_option("-o,--output", options->output, "text or json")->check(CLI::IsMember({"text", "json"}));
  return [options](const terminal& to) { return status(*options, to); };
}

command_action attach_health(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<status_options>();
  add_url(app, *options, facts);
  app.add_flag("--ready", options->ready, "ask whether it is ready, not only alive");
  return [options](const terminal& to) { return health(*options, to); };
}

}  // namespace guildfleet::cli
