#include "ops/check/compose.hpp"

#include <fmt/format.h>

#include "ops/check/compose_checks.hpp"

namespace guildfleet::ops {

finding_list check_compose(const compose_input& input) {
  compose_findings out(input.file.source);
  base::problem_list problems;
  const auto file = read_compose(input.file, input.env_files, problems);
  for (const base::problem& each : problems) out.add(compose_rule::unreadable, each.at, with_fix(each));
  for (const named_path& each : input.missing_files)
    out.add(compose_rule::unreadable, each.at, fmt::format("extends: the file {} is not there", each.path));
  if (file) {
    if (const auto* version = file->root.find("version"); version != nullptr)
      out.add(compose_rule::old_version, version->at, "version: may go");
    check_tokens(*file, out);
    check_secrets(*file, out);
    check_storage(*file, out);
    check_ports(*file, out);
    check_rights(*file, out);
    check_upkeep(*file, out);
    check_readiness(*file, out);
  }
  finding_list found = out.take();
  sort_findings(found);
  return found;
}

}  // namespace guildfleet::ops
