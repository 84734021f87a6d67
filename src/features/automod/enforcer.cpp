#include "features/automod/enforcer.hpp"

#include <algorithm>

#include "discord/rest/endpoints.hpp"
#include "features/automod/automod_texts.hpp"
#include "features/bulk_deletion.hpp"
#include "features/guild_preferences.hpp"
#include "features/message_template.hpp"
#include "features/permission_checks.hpp"

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
constexpr std::size_t most_log_lines = 15;  // in one message
constexpr std::size_t longest_detail = 60;

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

std::string log_line(const offence& one, language in) {
  const automod_rules::verdict& judged = one.judged;
  const text& sentence = one.failed                         ? texts::log_failed
                         : !judged.penalize                 ? texts::log_deleted
                         : judged.what == penalty::time_out ? texts::log_timed_out
                                                            : texts::log_warned;
  const std::string member = fmt::format("<@{}>", one.member);
  const std::string channel = fmt::format("<#{}>", one.channel);
  const std::string broken(texts::rules[static_cast<std::size_t>(judged.broken)].title.in(in));
  const std::string detail =
      judged.detail.empty() ? std::string() : ": " + plain(clipped(judged.detail, longest_detail));
  return sentence.format(in, fmt::arg("member", member), fmt::arg("channel", channel),
                         fmt::arg("rule", broken), fmt::arg("detail", detail));
}

// What a member did again and again is one line with a number.
std::vector<std::string> counted(const std::vector<offence>& offences, language in) {
  std::vector<std::pair<std::string, std::size_t>> lines;
  for (const offence& each : offences) {
    std::string line = log_line(each, in);
    const auto same = std::ranges::find(lines, line, &std::pair<std::string, std::size_t>::first);
    if (same == lines.end())
      lines.emplace_back(std::move(line), 1);
    else
      ++same->second;
  }
  std::vector<std::string> out;
  for (auto& [line, times] : lines)
    out.push_back(times == 1 ? std::move(line) : fmt::format("{} ×{}", line, times));
  return out;
}

}  // namespace

automod_enforcer::automod_enforcer(const shard_services& services)
    : services_(services),
      reporter_(services, texts::title),
      removed_(services.metrics.counter_of("guildfleet_automod_messages_removed_total",
                                           "Messages that automod has deleted", {{"bot", services.bot.bot}})),
      given_up_(services.metrics.counter_of("guildfleet_automod_given_up_total",
                                            "Messages that automod did not delete, as too many waited",
                                            {{"bot", services.bot.bot}})) {}

void automod_enforcer::add(discord::guild_id guild, offence one) {
  work& mine = waiting_[guild];
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
  if (services_.moments.due_in(guild, "enforce")) return;
  (void)services_.moments.after(gathered_for, guild, "enforce", [this, guild] { return carry_out(guild); });
}

net::task<> automod_enforcer::carry_out(discord::guild_id guild) {
  const auto found = waiting_.extract(guild);
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
    each.failed = failed.contains(each.channel);
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
  discord::member_edit edit;
  edit.timed_out_until = services_.clock.wall_now() +
                         std::min(whom.rules->timeout, std::chrono::seconds(std::chrono::hours(24 * 28)) -
                                                           std::chrono::minutes(1));
  auto request = discord::endpoints::edit_member(guild, whom.member, edit,
                                                 fmt::format("automod: {}", name_of(whom.judged.broken)));
  if (!request) co_return false;
  const auto done = co_await services_.effects.call(std::move(*request));
  if (!done) co_await reporter_.report_error(done.error(), {.guild = guild});
  co_return done.has_value();
}

// One message for a channel and a rule, however many have broken it.
net::task<> automod_enforcer::warn(discord::guild_id guild, const std::vector<offence>& offences) {
  std::map<std::pair<discord::channel_id, rule>, std::set<discord::user_id>> told;
  for (const offence& each : offences) {
    if (!each.judged.penalize || each.judged.what != penalty::warn) continue;
    auto& members = told[{each.channel, each.judged.broken}];
    if (members.size() < most_mentioned) members.insert(each.member);
  }
  if (told.empty()) co_return;
  const language posts = (co_await preferences_of(services_.settings, services_.guilds, guild)).posts;
  for (const auto& [where, members] : told) {
    std::string names;
    discord::message_body body;
    for (const discord::user_id member : members) {
      names += fmt::format("{}<@{}>", names.empty() ? "" : " ", member);
      body.mentions.users.push_back(member);
    }
    body.content = warning_of(where.second).format(posts, fmt::arg("members", names));
    co_await post(guild, where.first, std::move(body));
  }
}

net::task<> automod_enforcer::write_log(discord::guild_id guild, const work& done) {
  if (done.offences.empty()) co_return;
  const discord::channel_id channel = done.offences.back().rules->log_channel;
  if (channel.empty()) co_return;
  const language posts = (co_await preferences_of(services_.settings, services_.guilds, guild)).posts;
  std::vector<std::string> lines = counted(done.offences, posts);
  if (done.untold > 0) lines.push_back(texts::log_more.format(posts, fmt::arg("count", done.untold)));
  for (std::size_t at = 0; at < lines.size(); at += most_log_lines) {
    discord::message_body body;
    for (std::size_t i = at; i < std::min(at + most_log_lines, lines.size()); ++i)
      body.content += lines[i] + "\n";
    co_await post(guild, channel, std::move(body));
  }
}

net::task<> automod_enforcer::post(discord::guild_id guild, discord::channel_id channel,
                                   discord::message_body body) {
  const bool may = co_await has(guild, channel, to_send);
  if (!may) co_return;
  body.content = clipped(std::move(body.content), longest_content);
  auto request = discord::endpoints::create_message(channel, body);
  if (!request) co_return;
  const auto done = co_await services_.effects.call(std::move(*request));
  if (!done) co_await reporter_.report_error(done.error(), {.guild = guild, .channel = channel});
}

}  // namespace guildfleet::features
