// Every file that `guildfleet check` read, against the rules of its kind.
#pragma once

#include "cli/check_input.hpp"
#include "cli/config_input.hpp"
#include "ops/check/finding.hpp"

namespace guildfleet::cli {

struct check_report {
  struct part {
    std::string source;
    std::string kind;             // "compose", ...
    std::size_t bots = 0;         // of a fleet.yaml that can be used
    base::problem_list problems;  // of a fleet.yaml; also in `findings`
    ops::finding_list findings;   // sorted
  };
  std::vector<part> parts;
  std::size_t ignored = 0;            // by comments
  std::vector<std::string> failures;  // sentences
  std::vector<std::string> not_read;  // sentences; no failures

  [[nodiscard]] ops::finding_list findings() const;  // of all parts
};

// The fleet of `config`, as it would run here.
[[nodiscard]] check_report check_configuration(const config_options& config, const program_facts& facts);

// What was read, each file by its kind. A fleet.yaml that was come upon is of another machine: secrets and
// folders that it names are not missed.
[[nodiscard]] check_report check_files(check_input input, const config_options& config,
                                       const program_facts& facts);

}  // namespace guildfleet::cli
