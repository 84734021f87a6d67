#include "features/member_log/log_desk.hpp"

#include <algorithm>

#include "discord/rest/endpoints.hpp"
#include "features/guild_preferences.hpp"
#include "features/member_log/batch.hpp"
#include "features/member_log/member_log_texts.hpp"
#include "features/permission_checks.hpp"
#include "store/error.hpp"

namespace guildfleet::features::member_logs {
namespace {

constexpr std::string_view own_name = "member-log";
constexpr auto to_see_invites = discord::permission_set(discord::permission::manage_guild);
constexpr std::chrono::hours departed_is_kept{24 * 7};  // so that an event that comes again is known
constexpr std::chrono::hours batch_is_kept{24 * 7};     // should its timer give up
constexpr int attempts = 4;

store::record_key member_key(discord::guild_id guild, discord::user_id user) {
  return {guild, "member", fmt::format("{}", user)};
}

store::record_key counts_key(discord::guild_id guild) {
  return {guild, "invites", "now"};
}
// Beside the counts, which are long: tells at a glance who has some.
store::record_key mark_key(discord::guild_id guild) {
  return {guild, "counted", "now"};
}

store::record_change pending_change(discord::guild_id guild, const entry& what) {
  const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(what.at.time_since_epoch()).count();
  const char kind = what.kind == entry_kind::join ? 'j' : 'l';
  return {.key = {guild, "pending", fmt::format("{}-{}-{}", at, what.user, kind)},
          .value = to_json(what),
          .sort = at};
}

std::uint32_t members_who_joined(std::span<const store::record> rows) {
  return static_cast<std::uint32_t>(std::ranges::count_if(rows, [](const store::record& row) {
    const auto read = parse_entry(row.value);
    return read && read->kind == entry_kind::join && !read->bot;
  }));
}

jobs::job_outcome later(const base::error& error) {
  return jobs::job_failed{error.message()};
}

}  // namespace

log_desk::log_desk(const shard_services& services)
    : services_(services), reporter_(services, "member-log", member_log_texts::schema.title) {}

net::task<base::result<bool>> log_desk::note(discord::guild_id guild, entry event, bool wanted) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto there = co_await services_.records.get(member_key(guild, event.user));
    if (!there) co_return std::unexpected(there.error());
    const auto before = *there ? std::optional(parse_membership((*there)->value)) : std::nullopt;
    const auto next = next_step(before, event);
    if (!next) co_return false;
    std::vector<store::record_change> changes;
    changes.push_back({.key = member_key(guild, event.user),
                       .expected_version = *there ? (*there)->version : 0,
                       .value = to_json(next->now)});
    if (next->now.left) changes.front().keep_for = departed_is_kept;
    if (wanted) changes.push_back(pending_change(guild, next->logged));
    const auto outcome = co_await services_.records.change(std::move(changes));
    if (!outcome) co_return std::unexpected(outcome.error());
    if (was_written(outcome)) co_return true;
  }
  co_return base::fail(store::store_error::busy, fmt::format("member {}", event.user));
}

net::task<bool> log_desk::log_burst(discord::guild_id guild) {
  const auto set = co_await services_.settings.get(guild, std::string(own_name));
  if (!set) co_return false;
  const log_options options = options_of(set->values);
  auto burst = co_await read_burst(guild, options.is_on() && options.invites);
  if (!burst) co_return false;
  if (!options.is_on()) co_return co_await forget_pending(std::move(burst->rows));
  const std::size_t all = burst->rows.size();
  const bool alone = all <= most_alone;
  for (std::size_t from = 0; from < all; from += batch_size) {
    const std::size_t count = std::min(batch_size, all - from);
    const bool made = co_await make_batch(guild, *burst, from, count, alone);
    if (!made) co_return false;
  }
  co_return co_await schedule_next_batch(guild);
}

net::task<base::result<log_desk::noted_burst>> log_desk::read_burst(discord::guild_id guild,
                                                                    bool with_invites) {
  const store::record_query query{
      .guilds = {guild}, .kind = "pending", .order = store::record_order::by_sort};
  auto rows = co_await list_all(services_.records, query);
  if (!rows) co_return std::unexpected(rows.error());
  noted_burst out{.rows = std::move(*rows)};
  if (!with_invites || members_who_joined(out.rows) == 0) co_return out;
  co_await look_at_invites(guild, out);
  co_return out;
}

// The rows are read again behind the answer: who joined while it was on its way is counted in it.
net::task<> log_desk::look_at_invites(discord::guild_id guild, noted_burst& burst) {
  const auto before = co_await services_.records.get(counts_key(guild));
  auto now = co_await fetch_counts(guild);
  if (!before || !now) co_return;
  auto rows = co_await list_all(
      services_.records, {.guilds = {guild}, .kind = "pending", .order = store::record_order::by_sort});
  if (rows) burst.rows = std::move(*rows);
  const std::uint32_t joins = members_who_joined(burst.rows);
  if (*before) {
    const invite_counts known = parse_counts((*before)->value);
    burst.invites = attribute(used_between(known, *now, joins, services_.clock.wall_now()), joins);
  }
  auto counted = co_await counts_and_mark(guild, *before, std::move(*now));
  if (counted) burst.counted = std::move(*counted);
}

net::task<base::result<std::vector<store::record_change>>> log_desk::counts_and_mark(
    discord::guild_id guild, std::optional<store::record> counts, invite_counts now) {
  const auto mark = co_await services_.records.get(mark_key(guild));
  if (!mark) co_return std::unexpected(mark.error());
  std::vector<store::record_change> out;
  out.push_back(
      {.key = counts_key(guild), .expected_version = counts ? counts->version : 0, .value = to_text(now)});
  if (!*mark) out.push_back({.key = mark_key(guild), .value = std::string()});
  co_return out;
}

net::task<std::optional<invite_counts>> log_desk::fetch_counts(discord::guild_id guild) {
  const discord::permission_set missing = missing_for_invites(guild);
  if (!missing.empty()) {
    (void)co_await reporter_.report({.guild = guild, .missing = missing});
    co_return std::nullopt;
  }
  const auto answer = co_await services_.effects.call(discord::endpoints::get_guild_invites(guild));
  if (!answer) {
    co_await reporter_.report_error(answer.error(), {.guild = guild, .missing = to_see_invites});
    co_return std::nullopt;
  }
  co_return read_invites(*answer);
}

discord::permission_set log_desk::missing_for_invites(discord::guild_id guild) const {
  const auto held = services_.guilds.base_permissions_of_self(guild);
  return held ? to_see_invites.without(*held) : discord::permission_set();
}

net::task<bool> log_desk::make_batch(discord::guild_id guild, noted_burst& burst, std::size_t from,
                                     std::size_t count, bool alone) {
  const auto next = co_await services_.records.next_number(guild, "batch");
  if (!next) co_return false;
  std::string number = fmt::format("{:012}", *next);
  std::vector<store::record_change> changes;
  std::vector<std::string_view> entries;
  for (const store::record& each : std::span(burst.rows).subspan(from, count)) {
    entries.emplace_back(each.value);
    changes.push_back(removal(each));
  }
  const bool names_invites = alone || from == 0;
  changes.push_back({.key = {guild, "batch", number},
                     .value = to_json(alone, names_invites ? burst.invites : used_invites{}, entries),
                     .keep_for = batch_is_kept});
  if (from == 0) std::ranges::move(burst.counted, std::back_inserter(changes));
  const auto outcome = co_await services_.records.change(std::move(changes));
  co_return was_written(outcome);
}

// One after the other, so that the log is in order.
net::task<bool> log_desk::schedule_next_batch(discord::guild_id guild) {
  const auto first = co_await services_.records.list({.guilds = {guild}, .kind = "batch", .limit = 1});
  if (!first) co_return false;
  if (first->records.empty()) co_return true;
  std::string number = first->records.front().key.key;
  timer wanted{.key = fmt::format("batch/{}/{}", guild, number),
               .what = "batch",
               .guild = guild,
               .due = services_.clock.wall_now(),
               .payload = std::move(number)};
  co_return (co_await services_.jobs.schedule(std::move(wanted))).has_value();
}

net::task<bool> log_desk::schedule_burst(discord::guild_id guild) {
  co_return co_await schedule(guild, "burst");
}

net::task<bool> log_desk::schedule(discord::guild_id guild, std::string_view what) {
  timer wanted{.key = fmt::format("{}/{}", what, guild),
               .what = std::string(what),
               .guild = guild,
               .due = services_.clock.wall_now(),
               .payload = {}};
  co_return (co_await services_.jobs.schedule(std::move(wanted))).has_value();
}

net::task<bool> log_desk::forget_pending(std::vector<store::record> rows) {
  while (!rows.empty()) {
    std::vector<store::record_change> changes;
    while (!rows.empty() && changes.size() < store::max_record_changes) {
      changes.push_back(removal(rows.back()));
      rows.pop_back();
    }
    const auto outcome = co_await services_.records.change(std::move(changes));
    if (!was_written(outcome)) co_return false;
  }
  co_return true;
}

net::task<bool> log_desk::take_up(std::vector<discord::guild_id> guilds,
                                  std::set<discord::guild_id> with_invites) {
  const auto pending = co_await list_all(services_.records, {.guilds = guilds, .kind = "pending"});
  auto marks = co_await list_all(services_.records, {.guilds = guilds, .kind = "counted"});
  const auto batches = co_await list_all(services_.records, {.guilds = std::move(guilds), .kind = "batch"});
  if (!pending || !marks || !batches) co_return false;
  std::set<discord::guild_id> waiting;
  for (const store::record& each : *pending) waiting.insert(each.key.guild);
  std::set<discord::guild_id> unposted;
  for (const store::record& each : *batches) unposted.insert(each.key.guild);
  for (const discord::guild_id guild : waiting) {
    if (!co_await schedule_burst(guild)) co_return false;
  }
  for (const discord::guild_id guild : unposted) {
    if (!co_await schedule_next_batch(guild)) co_return false;
  }
  for (const store::record& each : *marks) {
    if (with_invites.erase(each.key.guild) != 0) continue;
    const bool forgotten = co_await forget_counts({each});
    if (!forgotten) co_return false;
  }
  for (const discord::guild_id guild : with_invites) {
    if (!co_await schedule(guild, "count")) co_return false;
  }
  co_return true;
}

// Counts of a log that is off grow old: they would name invites for joins that nobody saw.
net::task<bool> log_desk::forget_counts(std::vector<store::record> marks) {
  for (const store::record& mark : marks) {
    const auto counts = co_await services_.records.get(counts_key(mark.key.guild));
    if (!counts) co_return false;
    std::vector<store::record_change> changes{removal(mark)};
    if (*counts) changes.push_back(removal(**counts));
    const auto outcome = co_await services_.records.change(std::move(changes));
    if (!outcome) co_return false;
  }
  co_return true;
}

net::task<jobs::job_outcome> log_desk::on_job(job_call call) {
  if (call.what.what == "count") co_return co_await count_invites(call.what.guild);
  if (call.what.what == "batch") co_return co_await post_batch(call);
  const bool logged = co_await log_burst(call.what.guild);
  if (!logged) co_return jobs::job_failed{"what was noted could not be put into a batch"};
  co_return jobs::job_done{};
}

net::task<jobs::job_outcome> log_desk::count_invites(discord::guild_id guild) {
  const auto there = co_await services_.records.get(counts_key(guild));
  if (!there) co_return later(there.error());
  if (*there) co_return jobs::job_done{};
  auto now = co_await fetch_counts(guild);
  if (!now) co_return jobs::job_done{};
  auto changes = co_await counts_and_mark(guild, std::nullopt, std::move(*now));
  if (!changes) co_return later(changes.error());
  const auto outcome = co_await services_.records.change(std::move(*changes));
  if (!outcome) co_return later(outcome.error());
  co_return jobs::job_done{};
}

net::task<jobs::job_outcome> log_desk::post_batch(job_call call) {
  const discord::guild_id guild = call.what.guild;
  const auto row = co_await services_.records.get({guild, "batch", call.what.payload});
  if (!row) co_return later(row.error());
  if (!*row) co_return co_await go_on_behind_batch(guild);
  const auto set = co_await services_.settings.get(guild, std::string(own_name));
  if (!set) co_return later(set.error());
  const log_options options = options_of(set->values);
  bool can = options.is_on();
  if (can) can = co_await reporter_.may_post(guild, options.channel, to_send_embeds);
  if (can) {
    const auto posted = co_await post_all(call, (*row)->value, options);
    if (!posted) co_return later(posted.error());
  }
  std::vector<store::record_change> changes{removal(**row)};
  const auto outcome = co_await services_.records.change(std::move(changes));
  if (!outcome) co_return later(outcome.error());
  co_return co_await go_on_behind_batch(guild);
}

net::task<jobs::job_outcome> log_desk::go_on_behind_batch(discord::guild_id guild) {
  const bool scheduled = co_await schedule_next_batch(guild);
  if (!scheduled) co_return jobs::job_failed{"the next batch has no timer"};
  co_return jobs::job_done{};
}

net::task<base::result<bool>> log_desk::post_all(job_call call, std::string text, log_options options) {
  const discord::guild_id guild = call.what.guild;
  const guild_preferences server = co_await preferences_of(services_.settings, services_.guilds, guild);
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  const std::string name(record == nullptr ? std::string_view() : record->name());
  auto messages = messages_of(parse_batch(text), options, {.server = name, .in = server.posts});
  std::uint32_t number = 0;
  for (discord::message_body& each : messages) {
    const auto posted = co_await call.effects.post({0, ++number}, options.channel, std::move(each));
    if (posted) continue;
    if (!cause_of(posted.error())) co_return std::unexpected(posted.error());
    co_await reporter_.report_error(posted.error(), {.guild = guild, .channel = options.channel});
    co_return false;
  }
  co_return true;
}

}  // namespace guildfleet::features::member_logs
