#include "features/moderation/sanctions.hpp"

#include <algorithm>
#include <array>

#include "discord/rest/endpoints.hpp"
#include "features/guild_config/answers.hpp"
#include "features/message_template.hpp"
#include "features/moderation/case_view.hpp"
#include "features/moderation/moderation_texts.hpp"
#include "features/moderation/sanction_checks.hpp"

namespace guildfleet::features {
namespace {

namespace texts = moderation_texts;
using discord::rest_error;

constexpr std::chrono::minutes clocks_differ{1};
constexpr std::chrono::seconds longest_timeout = std::chrono::days(28);
constexpr std::chrono::hours tried_again_after{1};
constexpr std::chrono::days given_up_after{7};
constexpr std::size_t longest_audit_reason = 512;

std::string timer_key(discord::guild_id guild, discord::user_id member) {
  return fmt::format("ban/{}/{}", guild, member);
}

// Discord has answered that it will not do it; anything else may have been done.
bool is_refusal(const base::error& error) {
  constexpr std::array refusals{rest_error::unknown_member, rest_error::unknown_user,
                                rest_error::unknown_ban};
  if (std::ranges::any_of(refusals, [&](rest_error each) { return error.code() == each; })) return true;
  return cause_of(error).has_value();
}

std::string audit_reason(const mod_case& one, std::string_view by) {
  return clipped(fmt::format("#{} {}: {}", one.number, by, one.reason), longest_audit_reason);
}

base::wall_time end_of(mod_action what, std::chrono::seconds lasts, base::wall_time now) {
  if (what == mod_action::time_out)
    lasts = std::min(lasts, longest_timeout - std::chrono::seconds(clocks_differ));
  return now + lasts;
}

}  // namespace

sanction_desk::sanction_desk(const shard_services& services, case_book& book, mod_log& log)
    : services_(services), book_(book), log_(log) {}

net::task<> sanction_desk::carry_out(interaction_call call, sanction wanted) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const auto obstacle =
      obstacle_to(wanted.what, *call.what, services_.guilds, sanctioned_of(*call.what, wanted.member));
  if (obstacle) {
    co_await say(call, told(*obstacle, wanted.member, user));
    if (obstacle->what == sanction_obstacle::kind::bot_may_not)
      (void)co_await log_.reporter().report({.guild = guild, .missing = obstacle->missing});
    co_return;
  }
  const base::wall_time now = services_.clock.wall_now();
  mod_case one{.action = wanted.what,
               .member = wanted.member,
               .moderator = call.what->user,
               .at = now,
               .reason = wanted.reason};
  if (wanted.lasts) one.until = end_of(wanted.what, *wanted.lasts, now);
  const auto opened = co_await book_.open(guild, one, call.what->id.value);
  if (!opened) {
    co_await say(call, std::string(texts::unreadable.in(user)));
    co_return;
  }
  // The same event again: a process died before it had told of it. Its timer is left alone, which may be a
  // later ban's by now.
  if (opened->confirmed) {
    co_await say(call, done_sentence(*opened, user));
    co_await log_.post(services_.effects, {call.sequence, 1}, guild, *opened);
    co_return;
  }
  const auto timed = co_await keep_timer(guild, *opened);
  if (!timed) {
    co_await book_.withdraw(guild, *opened, call.what->id.value);
    co_await say(call, std::string(texts::unreadable.in(user)));
    co_return;
  }
  const bool is_told = co_await log_.tell_member(guild, *opened);
  const auto done = co_await at_discord(guild, *opened, wanted.delete_messages_of, call.what->user_name);
  if (!done) {
    co_await refuse(call, *opened, done.error());
    co_return;
  }
  co_await book_.confirm(guild, opened->number);
  std::string answer = done_sentence(*opened, user);
  if (!is_told) answer += "\n" + std::string(texts::not_told.in(user));
  co_await say(call, std::move(answer));
  co_await log_.post(services_.effects, {call.sequence, 1}, guild, *opened);
}

// Written before the ban, so that there is no ban for a time that nobody ends.
net::task<base::result<void>> sanction_desk::keep_timer(discord::guild_id guild, mod_case one) {
  if (one.action != mod_action::ban && one.action != mod_action::unban) co_return base::result<void>{};
  if (!one.until) {
    (void)co_await services_.jobs.cancel(timer_key(guild, one.member));
    co_return base::result<void>{};
  }
  timer end{.key = timer_key(guild, one.member),
            .what = "ban",
            .guild = guild,
            .due = *one.until,
            .payload = std::to_string(one.member.value)};
  const auto kept = co_await services_.jobs.schedule(std::move(end), store::schedule_mode::replace);
  if (!kept) co_return std::unexpected(kept.error());
  co_return base::result<void>{};
}

net::task<base::result<void>> sanction_desk::at_discord(discord::guild_id guild, mod_case one,
                                                        std::chrono::seconds delete_messages_of,
                                                        std::string by) {
  namespace endpoints = discord::endpoints;
  const std::string reason = audit_reason(one, by);
  base::result<discord::request> request = base::fail(rest_error::invalid_request, "no request");
  discord::member_edit edit;
  switch (one.action) {
    case mod_action::time_out:
      edit.timed_out_until = one.until.value_or(one.at);
      request = endpoints::edit_member(guild, one.member, edit, reason);
      break;
    case mod_action::end_time_out:
      edit.timed_out_until = discord::cleared;
      request = endpoints::edit_member(guild, one.member, edit, reason);
      break;
    case mod_action::kick:
      request = endpoints::kick(guild, one.member, reason);
      break;
    case mod_action::ban:
      request = endpoints::ban(guild, one.member, delete_messages_of, reason);
      break;
    case mod_action::unban:
    case mod_action::ban_ended:
      request = endpoints::unban(guild, one.member, reason);
      break;
    default:
      co_return base::result<void>{};
  }
  if (!request) co_return std::unexpected(request.error());
  const auto done = co_await services_.effects.call(std::move(*request));
  if (!done) co_return std::unexpected(done.error());
  co_return base::result<void>{};
}

net::task<> sanction_desk::refuse(interaction_call call, mod_case opened, base::error why) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const std::string reason = plain(why.message());
  if (!is_refusal(why)) {
    co_await say(call,
                 texts::unsure.format(user, fmt::arg("number", opened.number), fmt::arg("reason", reason)));
    co_await log_.post(services_.effects, {call.sequence, 1}, guild, std::move(opened));
    co_return;
  }
  if (opened.action == mod_action::ban && opened.until)
    (void)co_await services_.jobs.cancel(timer_key(guild, opened.member));
  co_await book_.withdraw(guild, opened, call.what->id.value);
  const std::string member = fmt::format("<@{}>", opened.member);
  const bool not_banned = why.code() == rest_error::unknown_ban;
  co_await say(call, not_banned ? texts::not_banned.format(user, fmt::arg("member", member))
                                : texts::refused.format(user, fmt::arg("reason", reason)));
  co_await log_.reporter().report_error(std::move(why), {.guild = guild});
}

net::task<jobs::job_outcome> sanction_desk::end_ban(job_call call) {
  const discord::guild_id guild = call.what.guild;
  const auto member = discord::parse_id<discord::user_id>(call.what.payload);
  if (!member) co_return jobs::job_failed{"its payload is no user", true};
  const auto noted = co_await book_.timed_ban_of(guild, *member);
  if (!noted) co_return jobs::job_failed{noted.error().message()};
  if (!*noted) co_return jobs::job_done{};
  const auto ban = co_await book_.find(guild, (*noted)->of_case);
  if (!ban) co_return jobs::job_failed{ban.error().message()};
  if (!*ban || !(*ban)->until) co_return jobs::job_done{};
  const base::wall_time now = services_.clock.wall_now();
  if (*(*ban)->until > now) co_return jobs::job_again{*(*ban)->until};  // banned anew meanwhile, for longer

  const std::string reason = fmt::format("#{}: its time is over", (*ban)->number);
  const auto lifted = co_await call.effects.call(discord::endpoints::unban(guild, *member, reason));
  if (!lifted && lifted.error().code() != rest_error::unknown_ban)
    co_return co_await not_ended(guild, **ban, lifted.error());
  mod_case end{.action = mod_action::ban_ended,
               .member = *member,
               .at = now,
               .of_case = (*ban)->number,
               .confirmed = true};
  const auto opened = co_await book_.open(guild, std::move(end), (*ban)->number);
  if (!opened) co_return jobs::job_failed{opened.error().message()};
  co_await log_.post(call.effects, {0, 1}, guild, *opened);
  const auto forgotten = co_await book_.forget_ban(guild, *member, **noted);
  if (!forgotten) co_return jobs::job_failed{forgotten.error().message()};
  co_return jobs::job_done{};
}

// What the server's managers can mend is tried for a week.
net::task<jobs::job_outcome> sanction_desk::not_ended(discord::guild_id guild, mod_case ban,
                                                      base::error why) {
  if (!cause_of(why)) co_return jobs::job_failed{why.message()};
  const base::wall_time now = services_.clock.wall_now();
  co_await log_.reporter().report_error(why, {.guild = guild, .missing = needed_for(mod_action::unban)});
  if (now > *ban.until + given_up_after) co_return jobs::job_failed{why.message(), true};
  co_return jobs::job_again{now + tried_again_after};
}

// The end that is due is the timer's own doing.
net::task<> sanction_desk::on_unbanned(discord::guild_id guild, discord::user_id user) {
  const auto noted = co_await book_.timed_ban_of(guild, user);
  if (!noted || !*noted) co_return;
  const auto ban = co_await book_.find(guild, (*noted)->of_case);
  if (!ban || (*ban && (*ban)->until && *(*ban)->until <= services_.clock.wall_now())) co_return;
  // The event may come again after a crash, or late, and the ban have been made anew since.
  const auto stands = co_await services_.effects.call(discord::endpoints::get_ban(guild, user));
  if (stands || stands.error().code() != discord::rest_error::unknown_ban) co_return;
  const auto forgotten = co_await book_.forget_ban(guild, user, **noted);
  if (forgotten && *forgotten) (void)co_await services_.jobs.cancel(timer_key(guild, user));
}

}  // namespace guildfleet::features
