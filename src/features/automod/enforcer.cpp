#include "features/automod/enforcer.hpp"

#include <algorithm>

#include "discord/rest/endpoints.hpp"
#include "features/automod/automod_texts.hpp"
#include "features/bulk_deletion.hpp"
#include "features/guild_preferences.hpp"
#include "features/message_template.hpp"
#include "features/permission_checks.hpp"
#include "features/time_out.hpp"

namespace guildfleet::features {
namespace {

namespace texts = automod_texts;
using automod_rules::penalty;
using automod_rules::rule;
using discord::permission;

constexpr std::chrono::milliseconds gathered_for{200};
constexpr std::size_t most_messages = 1'000;
constexpr std::size_t most_offences = 200;
constexpr std::size_t most_mentioned = 20;  // in one warning

// Of the event that a post is told for. Where several are told of together it is the first one's.
constexpr std::uint32_t warning = 1;
constexpr std::uint32_t log_entry = 2;  // and on, one for each message of the log

const text& warning_of(rule broken) {
  switch (broken) {
    case rule::flood:
      return texts::warned_flood;
    case rule::duplicates:
      return texts::warned_duplicates;
    case rule::mentions:
      return texts::warned_mentions;
    case rule::invites:
      return texts::warned_invites;
    case rule::links:
      return texts::warned_links;
    case rule::words:
      break;
  }
  return texts::warned_words;
}

}  // namespace

automod_enforcer::automod_enforcer(const shard_services& services)
    : services_(services),
      reporter_(services, "automod", texts::title),
      begun_(services.clock.wall_now()),
      removed_(services.metrics.counter_of("guildfleet_automod_messages_removed_total",
                                           "Messages that automod has deleted", {{"bot", services.bot.bot}})),
      given_up_(services.metrics.counter_of("guildfleet_automod_given_up_total",
                                            "Messages that automod did not delete, as too many waited",
                                            {{"bot", services.bot.bot}})) {}

void automod_enforcer::add(discord::guild_id guild, offence one) {
  const bool is_from_before = one.at < begun_;
  work& mine = waiting_[{guild, is_from_before}];
  for (const auto& each : one.judged.remove) {
    if (mine.message_count >= most_messages) {
      given_up_.add();
    } else if (mine.messages[each.channel].insert(each.id).second) {
      ++mine.message_count;
    }
  }
  if (mine.offences.size() < most_offences)
    mine.offences.push_back(std::move(one));
  else
    ++mine.untold;
  const std::string name = is_from_before ? "enforce again" : "enforce";
  if (services_.moments.due_in(guild, name)) return;
  (void)services_.moments.after(gathered_for, guild, name,
                                [this, guild, is_from_before] { return carry_out(guild, is_from_before); });
}

void automod_enforcer::forget(discord::guild_id guild) {
  waiting_.erase({guild, true});
  waiting_.erase({guild, false});
}

net::task<> automod_enforcer::carry_out(discord::guild_id guild, bool is_from_before) {
  const auto found = waiting_.extract({guild, is_from_before});
  if (found.empty()) co_return;
  work todo = std::move(found.mapped());
  std::set<discord::channel_id> failed;
  const base::wall_time now = services_.clock.wall_now();
  for (const auto& [channel, messages] : todo.messages) {
    // An edited message may be old.
    const auto batches = deletion_batches({messages.begin(), messages.end()}, now);
    for (const auto& batch : batches) {
      const bool gone = co_await remove(guild, channel, batch);
      if (!gone) failed.insert(channel);
    }
  }
  for (offence& each : todo.offences) {
    each.failed = std::ranges::any_of(
        each.judged.remove, [&failed](const auto& message) { return failed.contains(message.channel); });
    if (!each.judged.penalize || each.judged.what != penalty::time_out) continue;
    const bool timed_out = co_await time_out(guild, each);
    each.judged.penalize = timed_out;
  }
  co_await warn(guild, todo.offences);
  co_await write_log(guild, todo);
}

net::task<bool> automod_enforcer::has(discord::guild_id guild, discord::channel_id channel,
                                      discord::permission_set needed) {
  const auto held = channel.empty()
                        ? services_.guilds.base_permissions_of_self(guild)
                        : services_.guilds.permissions_of_self(guild, channel, services_.clock.wall_now());
  const discord::permission_set missing = held ? needed.without(*held) : discord::permission_set();
  if (missing.empty()) co_return true;
  (void)co_await reporter_.report({.guild = guild, .channel = channel, .missing = missing});
  co_return false;
}

net::task<bool> automod_enforcer::remove(discord::guild_id guild, discord::channel_id channel,
                                         std::vector<discord::message_id> messages) {
  const auto needed = discord::permission_set(permission::view_channel) | permission::manage_messages;
  const bool may = co_await has(guild, channel, needed);
  if (!may) co_return false;
  auto request = deletion_of(channel, messages, "automod");
  if (!request) co_return false;
  const auto done = co_await services_.effects.call(std::move(*request));
  // Somebody else was faster: it is gone.
  if (!done && done.error().code() != discord::rest_error::unknown_message) {
    co_await reporter_.report_error(done.error(), {.guild = guild, .channel = channel});
    co_return false;
  }
  removed_.add(static_cast<double>(messages.size()));
  co_return true;
}

net::task<bool> automod_enforcer::time_out(discord::guild_id guild, const offence& whom) {
  const bool may = co_await has(guild, {}, discord::permission_set(permission::moderate_members));
  if (!may) co_return false;
  const discord::guild_record* const record = services_.guilds.find_guild(guild);
  if (record != nullptr &&
      !outranks(*record, {services_.guilds.self(), record->self.roles}, {whom.member, whom.roles})) {
    const discord::role_record* const highest = highest_role(*record, whom.roles);
    (void)co_await reporter_.report({.guild = guild,
                                     .cause = failure_cause::role_too_high,
                                     .role = highest == nullptr ? discord::role_id{} : highest->id});
    co_return false;
  }
  const base::wall_time until = end_of_timeout(services_.clock.wall_now(), whom.rules->timeout);
  // Who wrote was not timed out, but a moderator may have been faster, and no event tells of it without the
  // intent for members.
  const auto member = co_await services_.effects.call(discord::endpoints::get_member(guild, whom.member));
  if (member && timed_out_until(*member) >= until) co_return true;
  discord::member_edit edit;
  edit.timed_out_until = until;
  auto request = discord::endpoints::edit_member(guild, whom.member, edit,
                                                 fmt::format("automod: {}", name_of(whom.judged.broken)));
  if (!request) co_return false;
  const auto done = co_await services_.effects.call(std::move(*request));
  if (!done) co_await reporter_.report_error(done.error(), {.guild = guild});
  co_return done.has_value();
}

// One message for a channel and a rule, however many have broken it.
net::task<> automod_enforcer::warn(discord::guild_id guild, const std::vector<offence>& offences) {
  struct warned {
    std::uint64_t sequence = 0;
    std::set<discord::user_id> members{};
  };
  std::map<std::pair<discord::channel_id, rule>, warned> told;
  for (const offence& each : offences) {
    if (!each.judged.penalize || each.judged.what != penalty::warn) continue;
    warned& here = told.try_emplace({each.channel, each.judged.broken}, each.sequence).first->second;
    if (here.members.size() < most_mentioned) here.members.insert(each.member);
  }
  if (told.empty()) co_return;
  const language posts = (co_await preferences_of(services_.settings, services_.guilds, guild)).posts;
  for (const auto& [where, what] : told) {
    std::string names;
    discord::message_body body;
    for (const discord::user_id member : what.members) {
      names += fmt::format("{}<@{}>", names.empty() ? "" : " ", member);
      body.mentions.users.push_back(member);
    }
    body.content =
        clipped(warning_of(where.second).format(posts, fmt::arg("members", names)), longest_content);
    co_await post({what.sequence, warning}, guild, where.first, std::move(body));
  }
}

net::task<> automod_enforcer::write_log(discord::guild_id guild, const work& done) {
  if (done.offences.empty()) co_return;
  const discord::channel_id channel = done.offences.back().rules->log_channel;
  if (channel.empty()) co_return;
  const language posts = (co_await preferences_of(services_.settings, services_.guilds, guild)).posts;
  effect_origin origin{done.offences.front().sequence, log_entry};
  const std::vector<std::string> entries = log_of(done.offences, done.untold, posts);
  for (const std::string& each : entries) {
    discord::message_body body;
    body.content = each;
    co_await post(origin, guild, channel, std::move(body));
    ++origin.number;
  }
}

net::task<> automod_enforcer::post(effect_origin origin, discord::guild_id guild, discord::channel_id channel,
                                   discord::message_body body) {
  const bool may = co_await reporter_.may_post(guild, channel, to_send);
  if (!may) co_return;
  const auto done = co_await services_.effects.post(origin, channel, std::move(body));
  if (!done) co_await reporter_.report_error(done.error(), {.guild = guild, .channel = channel});
}

}  // namespace guildfleet::features
