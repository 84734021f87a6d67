#include "features/moderation/sanctions.hpp"

#include <algorithm>
#include <array>

#include "discord/rest/endpoints.hpp"
#include "features/answers.hpp"
#include "features/message_template.hpp"
#include "features/moderation/case_view.hpp"
#include "features/moderation/moderation_texts.hpp"
#include "features/moderation/sanction_checks.hpp"
#include "features/reasons.hpp"
#include "features/time_out.hpp"

namespace guildfleet::features {
namespace {

namespace texts = moderation_texts;
using discord::rest_error;

constexpr std::chrono::minutes made_within{1};
constexpr std::chrono::hours tried_again_after{1};
constexpr std::chrono::days given_up_after{7};
constexpr std::size_t looked_at_since = 10;  // cases of a member
constexpr std::size_t longest_audit_reason = 512;

constexpr effect_origin post_in_log(std::uint64_t sequence) {
  return {sequence, 1};
}
constexpr effect_origin tell_whom(std::uint64_t sequence) {
  return {sequence, 2};
}

// Each ban has a timer of its own: what is made of a later one does not touch it.
std::string timer_key(discord::guild_id guild, discord::user_id member, std::uint64_t number) {
  return fmt::format("ban/{}/{}/{}", guild, member, number);
}

std::optional<ban_timer> timer_in(std::string_view payload) {
  const std::size_t gap = payload.find(' ');
  if (gap == std::string_view::npos) return std::nullopt;
  const auto member = discord::parse_id<discord::user_id>(payload.substr(0, gap));
  const auto number = discord::parse_snowflake(payload.substr(gap + 1));
  if (!member || !number) return std::nullopt;
  return ban_timer{*member, *number};
}

// A member who is out shares no server with the bot any more, and Discord lets it tell them nothing.
bool puts_out(mod_action what) {
  return what == mod_action::kick || what == mod_action::ban;
}

// Discord has answered that it will not do it; anything else may have been done.
bool is_refusal(const base::error& error) {
  constexpr std::array refusals{rest_error::unknown_member, rest_error::unknown_user,
                                rest_error::unknown_ban};
  if (std::ranges::any_of(refusals, [&](rest_error each) { return error.code() == each; })) return true;
  return cause_of(error).has_value();
}

// What cannot be done twice.
bool is_done_already(mod_action what, const base::error& error) {
  return (what == mod_action::kick && error.code() == rest_error::unknown_member) ||
         (what == mod_action::unban && error.code() == rest_error::unknown_ban);
}

std::string audit_reason(const mod_case& one, std::string_view by) {
  return clipped(fmt::format("#{} {}: {}", one.number, by, one.reason), longest_audit_reason);
}

}  // namespace

sanction_desk::sanction_desk(const shard_services& services, case_book& book, mod_log& log)
    : services_(services), book_(book), log_(log) {}

net::task<bool> sanction_desk::is_possible(interaction_call call, sanction wanted) {
  const discord::guild_id guild = call.what->guild;
  const auto obstacle =
      obstacle_to(wanted.what, *call.what, services_.guilds, sanctioned_of(*call.what, wanted.member));
  if (!obstacle) co_return true;
  co_await say(call, told(*obstacle, wanted.member, call.user_language()));
  if (obstacle->what == sanction_obstacle::kind::bot_may_not)
    (void)co_await log_.reporter().report({.guild = guild, .missing = obstacle->missing});
  co_return false;
}

net::task<bool> sanction_desk::is_over_already(interaction_call call, sanction wanted) {
  const discord::guild_id guild = call.what->guild;
  const text* told = nullptr;
  if (wanted.what == mod_action::end_time_out) {
    const auto who = co_await services_.effects.call(discord::endpoints::get_member(guild, wanted.member));
    const auto until = who ? timed_out_until(*who) : std::nullopt;
    if (until && *until <= services_.clock.wall_now()) told = &texts::not_timed_out;
  } else if (wanted.what == mod_action::unban) {
    const auto ban = co_await services_.effects.call(discord::endpoints::get_ban(guild, wanted.member));
    if (!ban && ban.error().code() == rest_error::unknown_ban) told = &texts::not_banned;
  }
  if (told == nullptr) co_return false;
  const std::string member = fmt::format("<@{}>", wanted.member);
  co_await say(call, told->format(call.user_language(), fmt::arg("member", member)));
  co_return true;
}

net::task<base::result<mod_case>> sanction_desk::open(interaction_call call, sanction wanted) {
  const discord::guild_id guild = call.what->guild;
  const base::wall_time now = services_.clock.wall_now();
  mod_case one{.action = wanted.what,
               .member = wanted.member,
               .moderator = call.what->user,
               .at = now,
               .reason = std::move(wanted.reason)};
  if (wanted.lasts) {
    one.until =
        wanted.what == mod_action::time_out ? end_of_timeout(now, *wanted.lasts) : now + *wanted.lasts;
  }
  co_return co_await book_.open(guild, std::move(one), call.what->id.value);
}

net::task<> sanction_desk::carry_out(interaction_call call, sanction wanted) {
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  const bool possible = co_await is_possible(call, wanted);
  if (!possible) co_return;
  const auto before = co_await book_.opened_by(guild, call.what->id.value);
  const bool is_first = before && !*before;
  if (is_first && co_await is_over_already(call, wanted)) co_return;
  const auto delete_messages_of = wanted.delete_messages_of;
  const auto opened = co_await open(call, std::move(wanted));
  if (!opened) {
    co_await say(call, std::string(texts::unreadable.in(user)));
    co_return;
  }
  // The same event again, after the process died over it: what would be over by now is not done any more.
  const bool is_over = opened->until && *opened->until <= services_.clock.wall_now();
  if (!opened->confirmed && is_over) {
    co_await say(call, texts::cut_off.format(user, fmt::arg("number", opened->number)));
    co_return;
  }
  // Whether it may be done was looked at above, so that hardly anybody is told of what Discord then refuses.
  bool is_told = true;
  if (puts_out(opened->action)) is_told = co_await log_.tell_member(tell_whom(call.sequence), guild, *opened);
  // What was done is not done anew, as somebody may have undone it meanwhile.
  if (!opened->confirmed) {
    const bool again = before && *before;
    const bool done = co_await perform(call, *opened, delete_messages_of, again);
    if (!done) co_return;
  }
  if (!puts_out(opened->action))
    is_told = co_await log_.tell_member(tell_whom(call.sequence), guild, *opened);
  const bool is_logged = co_await log_.post(services_.effects, post_in_log(call.sequence), guild, *opened);
  std::string answer = done_sentence(*opened, user);
  if (!is_told) answer += "\n" + std::string(texts::not_told.in(user));
  if (!is_logged) answer += "\n" + std::string(texts::not_logged.in(user));
  co_await say(call, std::move(answer));
}

net::task<bool> sanction_desk::perform(interaction_call call, mod_case one,
                                       std::chrono::seconds delete_messages_of, bool again) {
  const discord::guild_id guild = call.what->guild;
  const bool is_timed_ban = one.action == mod_action::ban && one.until;
  std::optional<noted_ban> former;
  if (changes_bans(one.action)) {
    const auto noted = co_await book_.ban_of(guild, one.member);
    if (noted) former = *noted;
  }
  // Kept before the ban is made, so that no ban for a time is without an end; it does nothing unless the case
  // is the one that is noted of the member.
  base::result<store::schedule_outcome> timed = store::schedule_outcome::kept;
  if (is_timed_ban)
    timed = co_await keep_timer(guild, one.member, one.number, *one.until, store::schedule_mode::keep);
  if (!timed) {
    co_await book_.withdraw(guild, one, call.what->id.value);
    co_await say(call, std::string(texts::unreadable.in(call.user_language())));
    co_return false;
  }
  const auto done = co_await at_discord(guild, one, delete_messages_of, call.what->user_name);
  if (!done && !(again && is_done_already(one.action, done.error()))) {
    co_await refuse(call, std::move(one), done.error());
    co_return false;
  }
  const auto written = co_await book_.confirm(guild, one);
  if (!written) {
    co_await tell_unsure(call, std::move(one), written.error());
    co_return false;
  }
  // Its time may have passed meanwhile, and the timer found another end noted.
  if (is_timed_ban && *one.until <= services_.clock.wall_now())
    (void)co_await keep_timer(guild, one.member, one.number, *one.until, store::schedule_mode::keep);
  if (former && former->number < one.number)
    (void)co_await services_.jobs.cancel(timer_key(guild, one.member, former->number));
  co_return true;
}

net::task<base::result<store::schedule_outcome>> sanction_desk::keep_timer(discord::guild_id guild,
                                                                           discord::user_id member,
                                                                           std::uint64_t number,
                                                                           base::wall_time until,
                                                                           store::schedule_mode mode) {
  timer wanted{.key = timer_key(guild, member, number),
               .what = "ban",
               .guild = guild,
               .due = until,
               .payload = fmt::format("{} {}", member, number)};
  co_return co_await services_.jobs.schedule(std::move(wanted), mode);
}

// What a bot that is not there any more was refused, it has put off.

net::task<bool> sanction_desk::take_over_bans(std::vector<discord::guild_id> guilds) {
  const auto bans = co_await book_.take_over_bans(std::move(guilds));
  if (!bans) co_return false;
  for (const case_book::ban_of_member& each : *bans) {
    const auto kept =
        co_await keep_timer(each.guild, each.member, each.noted.number, each.noted.until,
                            each.was_anothers ? store::schedule_mode::replace : store::schedule_mode::keep);
    if (!kept) co_return false;
  }
  co_return true;
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

net::task<> sanction_desk::tell_unsure(interaction_call call, mod_case opened, base::error why) {
  const language user = call.user_language();
  const std::string reason = reason_of(why, user);
  std::string answer =
      texts::unsure.format(user, fmt::arg("number", opened.number), fmt::arg("reason", reason));
  const bool is_logged =
      co_await log_.post(services_.effects, post_in_log(call.sequence), call.what->guild, std::move(opened));
  if (!is_logged) answer += "\n" + std::string(texts::not_logged.in(user));
  co_await say(call, std::move(answer));
}

net::task<> sanction_desk::refuse(interaction_call call, mod_case opened, base::error why) {
  if (!is_refusal(why)) {
    co_await tell_unsure(std::move(call), std::move(opened), std::move(why));
    co_return;
  }
  const language user = call.user_language();
  const discord::guild_id guild = call.what->guild;
  co_await book_.withdraw(guild, opened, call.what->id.value);
  if (opened.action == mod_action::ban && opened.until)
    (void)co_await services_.jobs.cancel(timer_key(guild, opened.member, opened.number));
  const std::string member = fmt::format("<@{}>", opened.member);
  const std::string reason = reason_of(why, call.user_language());
  const bool not_banned = why.code() == rest_error::unknown_ban;
  co_await say(call, not_banned ? texts::not_banned.format(user, fmt::arg("member", member))
                                : texts::refused.format(user, fmt::arg("reason", reason)));
  co_await log_.reporter().report_error(std::move(why), {.guild = guild});
}

net::task<jobs::job_outcome> sanction_desk::end_ban(job_call call) {
  const discord::guild_id guild = call.what.guild;
  const auto of = timer_in(call.what.payload);
  if (!of) co_return jobs::job_failed{"its payload is no user and case", true};
  const auto noted = co_await book_.ban_of(guild, of->member);
  if (!noted) co_return jobs::job_failed{noted.error().message()};
  // Lifted, made anew, or by now another bot's to end.
  if (!*noted || (*noted)->number != of->number || (*noted)->keeper != services_.bot.bot) {
    if (call.begun_before) (void)co_await ban_again(guild, *of);
    co_return jobs::job_done{};
  }
  const noted_ban ban = **noted;
  const base::wall_time now = services_.clock.wall_now();
  if (ban.until > now) co_return jobs::job_again{ban.until};
  const auto made = co_await book_.find(guild, ban.number);
  if (!made) co_return jobs::job_failed{made.error().message()};
  // Discord may be about to make it, which would leave it without an end.
  if (*made && !(*made)->confirmed && now < ban.until + made_within)
    co_return jobs::job_again{ban.until + made_within};

  const std::string reason = fmt::format("#{}: its time is over", ban.number);
  const auto lifted = co_await call.effects.call(discord::endpoints::unban(guild, of->member, reason));
  if (!lifted && lifted.error().code() != rest_error::unknown_ban)
    co_return co_await not_ended(guild, ban, lifted.error());
  const auto newer = co_await ban_again(guild, *of);
  if (!newer) co_return jobs::job_failed{newer.error().message()};
  if (*newer) co_return jobs::job_done{};
  mod_case end{.action = mod_action::ban_ended,
               .member = of->member,
               .at = now,
               .ended = ban.number,
               .confirmed = true};
  const auto opened = co_await book_.open(guild, std::move(end), ban.number);
  if (!opened) co_return jobs::job_failed{opened.error().message()};
  co_await log_.post(call.effects, {0, 1}, guild, *opened);
  const auto forgotten = co_await book_.forget_ban(guild, of->member, ban);
  if (!forgotten) co_return jobs::job_failed{forgotten.error().message()};
  co_return jobs::job_done{};
}

// While the end of a ban waited for its turn at Discord, somebody may have banned anew; a case that is not
// confirmed yet counts, as Discord may have done it.
net::task<base::result<bool>> sanction_desk::ban_again(discord::guild_id guild, ban_timer ended) {
  const auto cases = co_await book_.latest(guild, ended.member, looked_at_since);
  if (!cases) co_return std::unexpected(cases.error());
  const auto newest =
      std::ranges::find_if(*cases, [](const mod_case& each) { return changes_bans(each.action); });
  if (newest == cases->end() || newest->number <= ended.number || newest->action != mod_action::ban)
    co_return false;
  const auto again = co_await at_discord(guild, *newest, {}, "the end of an older ban");
  if (!again) co_return std::unexpected(again.error());
  co_return true;
}

// What the server's managers can mend is tried for a week.
net::task<jobs::job_outcome> sanction_desk::not_ended(discord::guild_id guild, noted_ban ban,
                                                      base::error why) {
  if (!cause_of(why)) co_return jobs::job_failed{why.message()};
  const base::wall_time now = services_.clock.wall_now();
  co_await log_.reporter().report_error(why, {.guild = guild, .missing = needed_for(mod_action::unban)});
  if (now > ban.until + given_up_after) co_return jobs::job_failed{why.message(), true};
  co_return jobs::job_again{now + tried_again_after};
}

// The end that is due is the timer's own doing; a ban that Discord is only being asked for is not meant.
net::task<> sanction_desk::on_unbanned(discord::guild_id guild, discord::user_id user) {
  const auto noted = co_await book_.ban_of(guild, user);
  if (!noted || !*noted || (*noted)->until <= services_.clock.wall_now()) co_return;
  const auto ban = co_await book_.find(guild, (*noted)->number);
  if (!ban || (*ban && !(*ban)->confirmed)) co_return;
  // The event may come again after a crash, or late, and the ban have been made anew since.
  const auto stands = co_await services_.effects.call(discord::endpoints::get_ban(guild, user));
  if (stands || stands.error().code() != discord::rest_error::unknown_ban) co_return;
  const auto forgotten = co_await book_.forget_ban(guild, user, **noted);
  if (forgotten && *forgotten) (void)co_await services_.jobs.cancel(timer_key(guild, user, (*noted)->number));
}

}  // namespace guildfleet::features
