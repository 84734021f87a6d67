// How commands ask a running node: which one, and what it means when there is no answer.
#pragma once

#include "base/result.hpp"
#include "cli/config_input.hpp"
#include "net/http_types.hpp"

namespace guildfleet::cli {

struct node_question {
  config_options config;
  std::string url;  // empty: the port that the configuration names, on this machine
};

// `options` must outlive the parsing.
void add_node_options(CLI::App& app, node_question& options);

// Fills in the url that was not given.
void find_node(node_question& options, const program_facts& facts);

// One GET; blocks for at most `limit`.
[[nodiscard]] base::result<net::http_response> ask(const node_question& options, const std::string& path,
                                                   std::chrono::milliseconds limit);

// Says why, and how the command ends.
[[nodiscard]] exit_code tell_no_answer(const base::error& failure, const terminal& to);

}  // namespace guildfleet::cli
