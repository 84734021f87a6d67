#include "features/guild_reports.hpp"

#include <algorithm>

#include "discord/rest/endpoints.hpp"
#include "features/guild_preferences.hpp"
#include "features/guild_report_texts.hpp"
#include "features/message_template.hpp"
#include "features/permission_checks.hpp"
#include "features/permission_names.hpp"

namespace guildfleet::features {
namespace {

namespace texts = guild_report_texts;
using discord::rest_error;

constexpr std::chrono::hours told_again_after{1};
constexpr std::chrono::hours logged_again_after{1};
constexpr std::size_t longest_detail = 300;

const text& sentence_of(failure_cause cause) {
  switch (cause) {
    case failure_cause::lacks_permission:
      return texts::lacks_permission;
    case failure_cause::channel_gone:
      return texts::channel_gone;
    case failure_cause::role_gone:
      return texts::role_gone;
    case failure_cause::role_too_high:
      return texts::role_too_high;
    case failure_cause::message_refused:
      return texts::message_refused;
    case failure_cause::guild_full:
      return texts::guild_full;
    case failure_cause::needs_two_factor:
      break;
  }
  return texts::needs_two_factor;
}

std::string content_of(const guild_report& what, const text& title, language in) {
  std::string out = texts::heading.format(in, fmt::arg("feature", title.in(in)));
  const auto line = [&out](std::string_view text) { out.append("\n").append(text); };
  line(sentence_of(what.cause).in(in));
  if (!what.channel.empty()) {
    const std::string channel = fmt::format("<#{}>", what.channel);
    line(texts::in_channel.format(in, fmt::arg("channel", channel)));
  }
  if (!what.role.empty()) {
    const std::string role = fmt::format("<@&{}>", what.role);
    line(texts::of_role.format(in, fmt::arg("role", role)));
  }
  if (!what.missing.empty()) {
    const std::string permissions = names_of(what.missing, in);
    line(texts::missing.format(in, fmt::arg("permissions", permissions)));
  }
  if (!what.detail.empty()) {
    const std::string detail = plain(clipped(what.detail, longest_detail));
    line(texts::detail.format(in, fmt::arg("detail", detail)));
  }
  line(texts::only_hourly.in(in));
  return clipped(std::move(out), longest_content);
}

// Neither the server's matter nor this node's own end, nor something that was gone before.
bool is_outage(const base::error& error) {
  constexpr rest_error all[] = {rest_error::queue_full,         rest_error::deadline_passed,
                                rest_error::deadline_too_early, rest_error::invalid_request_share,
                                rest_error::connection_failed,  rest_error::blocked_by_cloudflare,
                                rest_error::malformed_response, rest_error::unauthorized,
                                rest_error::rate_limited,       rest_error::server_failed};
  return std::ranges::any_of(all, [&](rest_error each) { return error.code() == each; });
}

std::string_view name_of(report_outcome value) {
  switch (value) {
    case report_outcome::told:
      return "told";
    case report_outcome::told_before:
      return "told_before";
    case report_outcome::nowhere:
      return "nowhere";
    case report_outcome::failed:
      break;
  }
  return "failed";
}

}  // namespace

std::string_view name_of(failure_cause value) {
  switch (value) {
    case failure_cause::lacks_permission:
      return "lacks-permission";
    case failure_cause::channel_gone:
      return "channel-gone";
    case failure_cause::role_gone:
      return "role-gone";
    case failure_cause::role_too_high:
      return "role-too-high";
    case failure_cause::message_refused:
      return "message-refused";
    case failure_cause::guild_full:
      return "guild-full";
    case failure_cause::needs_two_factor:
      break;
  }
  return "needs-two-factor";
}

std::optional<failure_cause> cause_of(const base::error& error) {
  struct known {
    rest_error code;
    failure_cause cause;
  };
  constexpr known all[] = {{rest_error::missing_access, failure_cause::lacks_permission},
                           {rest_error::missing_permissions, failure_cause::lacks_permission},
                           {rest_error::forbidden, failure_cause::lacks_permission},
                           {rest_error::unknown_channel, failure_cause::channel_gone},
                           {rest_error::unknown_role, failure_cause::role_gone},
                           {rest_error::invalid_request, failure_cause::message_refused},
                           {rest_error::empty_message, failure_cause::message_refused},
                           {rest_error::invalid_form_body, failure_cause::message_refused},
                           {rest_error::maximum_roles, failure_cause::guild_full},
                           {rest_error::maximum_channels, failure_cause::guild_full},
                           {rest_error::two_factor_required, failure_cause::needs_two_factor}};
  // A category that is none (any more) is told within a form's errors alone.
  if (error.code() == rest_error::invalid_form_body && error.context().contains("CHANNEL_PARENT_INVALID"))
    return failure_cause::channel_gone;
  for (const known& each : all) {
    if (error.code() == each.code) return each.cause;
  }
  return std::nullopt;
}

guild_reporter::guild_reporter(const shard_services& services, std::string_view feature, text title)
    : records_(services.records),
      settings_(services.settings),
      effects_(services.effects),
      guilds_(services.guilds),
      clock_(services.clock),
      title_(title),
      log_(base::logger::root()
               .with("bot", services.bot.bot)
               .with("shard", services.shard)
               .with("feature", feature)) {
  for (const auto outcome :
       {report_outcome::told, report_outcome::told_before, report_outcome::nowhere, report_outcome::failed}) {
    outcomes_.emplace(outcome, services.metrics.counter_of(
                                   "guildfleet_bot_guild_reports_total",
                                   "Problems of servers' own, by what came of telling them",
                                   {{"bot", services.bot.bot}, {"outcome", std::string(name_of(outcome))}}));
  }
}

net::task<report_outcome> guild_reporter::report(guild_report what) {
  log(name_of(what.cause), what);
  const report_outcome outcome = co_await tell(std::move(what));
  outcomes_.at(outcome).add();
  co_return outcome;
}

net::task<> guild_reporter::report_error(base::error error, guild_report about) {
  const auto cause = cause_of(error);
  if (!cause) {
    if (is_outage(error)) log(error.code().message(), about);
    co_return;
  }
  about.cause = *cause;
  if (about.detail.empty() && *cause == failure_cause::message_refused) about.detail = error.context();
  if (*cause == failure_cause::lacks_permission && about.missing.empty() && !about.channel.empty()) {
    const auto held = guilds_.permissions_of_self(about.guild, about.channel, clock_.wall_now());
    if (held) about.missing = to_send.without(*held);
  }
  (void)co_await report(std::move(about));
}

net::task<bool> guild_reporter::may_post(discord::guild_id guild, discord::channel_id channel,
                                         discord::permission_set needed) {
  if (guilds_.find_guild(guild) == nullptr) co_return true;
  const auto obstacle = obstacle_to_send(guilds_, guild, channel, clock_.wall_now(), needed);
  if (!obstacle) co_return true;
  const bool lacks = obstacle->what == send_obstacle::kind::missing_permissions;
  (void)co_await report({.guild = guild,
                         .cause = lacks ? failure_cause::lacks_permission : failure_cause::channel_gone,
                         .channel = channel,
                         .missing = obstacle->missing});
  co_return false;
}

// A feature that fails in thousands of servers, or at every message, writes no more than one that fails once.
void guild_reporter::log(std::string_view cause, const guild_report& about) {
  const auto now = clock_.steady_now();
  const auto found = lines_.find(cause);
  line& last = found != lines_.end() ? found->second : lines_[std::string(cause)];
  ++last.since;
  if (found != lines_.end() && now - last.at < logged_again_after) return;
  log_.warn("a feature could not do its work in a server", base::field("cause", cause),
            base::field("guild", about.guild), base::field("count", last.since));
  last = {now, 0};
}

// Noted before it is posted: what is told twice is worse than what an hour hides.
net::task<report_outcome> guild_reporter::tell(guild_report what) {
  const guild_preferences server = co_await preferences_of(settings_, guilds_, what.guild);
  if (server.error_channel.empty()) co_return report_outcome::nowhere;
  discord::message_body body;
  body.content = content_of(what, title_, server.posts);
  auto request = discord::endpoints::create_message(server.error_channel, body);
  if (!request) co_return report_outcome::failed;
  std::vector<store::record_change> note;
  note.push_back({.key = {what.guild, "report", std::string(name_of(what.cause))},
                  .value = std::string(),
                  .keep_for = told_again_after});
  const auto noted = co_await records_.change(std::move(note));
  if (!noted) co_return report_outcome::failed;
  if (std::holds_alternative<store::record_conflict>(*noted)) co_return report_outcome::told_before;
  const auto posted = co_await effects_.call(std::move(*request));
  co_return posted ? report_outcome::told : report_outcome::failed;
}

}  // namespace guildfleet::features
