// The parts of `guildfleet config`.
#pragma once

#include "cli/data_session.hpp"

namespace guildfleet::cli {

// All that any of its subcommands may be given.
struct config_request {
  data_options data;
  std::string guild;  // digits
  std::string feature;
  std::string path;
  std::string value;
  bool unset = false;
  std::optional<std::uint64_t> if_version;
  std::uint64_t change = 0;
  std::uint32_t limit = 20;
  std::string file;
  bool dry_run = false;
  bool yes = false;

  [[nodiscard]] discord::guild_id guild_id() const { return {*discord::parse_snowflake(guild)}; }
};

[[nodiscard]] exit_code export_config(const config_request& request, data_session& session,
                                      const terminal& to);
// Shows what would change first; asks on a terminal, and elsewhere refuses without --yes.
[[nodiscard]] exit_code import_config(const config_request& request, const program_facts& facts,
                                      data_session& session, const terminal& to);

// Tells what came of a change. Invalid settings are `usage`, a conflict is `failed`.
exit_code tell_change(const base::result<settings::change_result>& outcome, const data_options& options,
                      data_session& session, const terminal& to);

}  // namespace guildfleet::cli
