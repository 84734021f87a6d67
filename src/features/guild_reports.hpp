// Tells a server's managers what stands in the way of a feature there: in the channel that /config
// error-channel names, in the server's language, and once an hour at most for each cause. The operator finds
// it in the log, a line an hour at most for each cause of a feature's on a shard.
#pragma once

#include <map>
#include <string>

#include "base/log.hpp"
#include "features/feature.hpp"

namespace guildfleet::features {

// What only the server's managers can mend.
enum class failure_cause {
  lacks_permission,
  channel_gone,
  role_gone,
  role_too_high,     // the bot's highest role is not above the role, or the member
  message_refused,   // too long, empty, or otherwise not as Discord wants it
  guild_full,        // as many channels, roles, ... as a server may have
  needs_two_factor,  // the bot's owner must have it, as the server asks for it
};
[[nodiscard]] std::string_view name_of(failure_cause value);

// What a call at Discord failed of; nullopt: nothing that the server's managers could mend (an outage, a rate
// limit, a node that stops), or nothing that went wrong for anybody (a message that is gone already).
[[nodiscard]] std::optional<failure_cause> cause_of(const base::error& error);

struct guild_report {
  discord::guild_id guild{};
  failure_cause cause = failure_cause::lacks_permission;
  discord::channel_id channel{};      // that it is about; empty: none
  discord::role_id role{};            // the same
  discord::permission_set missing{};  // where it is known
  std::string detail{};               // further words, plain text, at most 300 characters are shown
};

// What became of a report.
enum class report_outcome { told, told_before, nowhere, failed };

// One per feature and shard, on its reactor; the services outlive it.
class guild_reporter final {
 public:
  // `feature`: its name; `title`: the same as settings show it.
  guild_reporter(const shard_services& services, std::string_view feature, text title);

  // Never fails for its caller: what cannot be told is counted.
  net::task<report_outcome> report(guild_report what);
  // The same for an error of a call. Where cause_of() says that it is no matter of the server's, nobody there
  // is told; the log has it if it was Discord or the way there that failed.
  net::task<> report_error(base::error error, guild_report about);
  // Whether the bot can post there; what stands in the way is reported. Asked before Discord is: what that
  // refuses counts against every bot at this address. True where the guild is not known.
  [[nodiscard]] net::task<bool> may_post(discord::guild_id guild, discord::channel_id channel,
                                         discord::permission_set needed);

 private:
  struct line {
    base::steady_time at{};
    std::uint64_t since = 0;  // failures
  };

  net::task<report_outcome> tell(guild_report what);
  void log(std::string_view cause, const guild_report& about);

  record_port& records_;
  settings_port& settings_;
  effect_port& effects_;
  const discord::guild_state& guilds_;
  const base::clock& clock_;
  text title_;
  base::logger log_;
  std::map<std::string, line, std::less<>> lines_;  // the last by cause, of which there are few
  std::map<report_outcome, base::counter> outcomes_;
};

}  // namespace guildfleet::features
