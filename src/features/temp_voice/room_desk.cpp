#include "features/temp_voice/room_desk.hpp"

#include <algorithm>
#include <stdexcept>

#include "discord/rest/endpoints.hpp"
#include "features/guild_preferences.hpp"
#include "features/temp_voice/temp_voice_texts.hpp"

namespace guildfleet::features::temp_voices {
namespace {

namespace texts = temp_voice_texts;
namespace endpoints = discord::endpoints;
using discord::rest_error;
using store::record;
using finder = effect_port::finder;

constexpr std::string_view own_name = "temp-voice";
constexpr std::chrono::seconds made_within{15};   // the server's other events wait for it
constexpr std::chrono::seconds time_to_make{60};  // then a room without a channel is looked for
constexpr std::chrono::minutes look_again{10};    // at rooms that somebody is in
constexpr std::chrono::seconds until_known{30};   // a server whose state is not here
constexpr std::chrono::minutes until_seen{2};     // a channel that was made
constexpr std::chrono::seconds catching_up{10};   // after a start: what happened meanwhile is still coming in
constexpr int attempts = 8;                       // while others change the same room's channel

std::string timer_key(discord::guild_id guild, const std::string& number) {
  return fmt::format("check/{}/{}", guild, number);
}

}  // namespace

room_desk::room_desk(const shard_services& services)
    : services_(services),
      reporter_(services, "temp-voice", texts::schema.title),
      rows_(services.records),
      started_(services.clock.steady_now()) {}

net::task<opened_room> room_desk::open(discord::guild_id guild, voice_change who, voice_options options,
                                       std::uint64_t sequence) {
  auto has = co_await existing(guild, who);
  if (!has) co_return has;
  if (*has && !(*has)->what.channel.empty()) {
    const bool there = co_await move(guild, who.user, (*has)->what.channel);
    if (there) co_return has;
    const auto forgotten = co_await forget(guild, (*has)->number);
    if (!forgotten) co_return std::unexpected(forgotten.error());
    has->reset();
  }
  const auto may = co_await may_make(guild, parent_of(guild, options, who.channel));
  if (!may) co_return std::unexpected(may.error());
  if (!*may) co_return std::nullopt;
  if (*has) {
    const auto timed = co_await check_in(guild, (*has)->number, time_to_make, store::schedule_mode::replace);
    if (!timed) co_return std::unexpected(timed.error());
  } else {
    has = co_await announce(guild, who);
  }
  if (!has || !*has) co_return has;
  co_return co_await furnish(guild, **has, who, std::move(options), sequence);
}

net::task<opened_room> room_desk::furnish(discord::guild_id guild, numbered_room bare, voice_change who,
                                          voice_options options, std::uint64_t sequence) {
  const auto channel = co_await make(guild, bare, who, std::move(options), sequence);
  if (!channel) co_return std::nullopt;
  const auto set = [channel](room& what) {
    what.channel = *channel;
    return true;
  };
  const auto kept = co_await rows_.edit(guild, bare.number, set);
  if (!kept) co_return std::unexpected(kept.error());
  if (!*kept) {  // it took so long that it was given up
    (void)co_await services_.effects.call(endpoints::delete_channel(*channel, std::string(own_name)));
    co_return std::nullopt;
  }
  bare.what = **kept;
  (void)co_await move(guild, who.user, *channel);
  co_return bare;
}

// One whose channel was deleted while nobody looked is none any more. A new one may not be known yet: the
// event of its making may be on its way.
net::task<opened_room> room_desk::existing(discord::guild_id guild, voice_change who) {
  auto has = co_await rows_.room_of(guild, who.user);
  if (!has || !*has || (*has)->what.channel.empty()) co_return has;
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  const bool is_new = services_.clock.wall_now() < (*has)->what.made + until_seen;
  if (is_new || record == nullptr || record->find_channel((*has)->what.channel) != nullptr) co_return has;
  const auto forgotten = co_await forget(guild, (*has)->number);
  if (!forgotten) co_return std::unexpected(forgotten.error());
  co_return std::nullopt;
}

// The timer first: there is no row without one, and one without a row finds nothing to do.
net::task<opened_room> room_desk::announce(discord::guild_id guild, voice_change who) {
  const auto next = co_await services_.records.next_number(guild, "room");
  if (!next) co_return std::unexpected(next.error());
  numbered_room out{
      .number = fmt::format("{}", *next),
      .what = {.owner = who.user,
               .trigger = who.channel,
               .made = std::chrono::floor<std::chrono::milliseconds>(services_.clock.wall_now())},
      .is_new = true};
  const auto timed = co_await check_in(guild, out.number, time_to_make, store::schedule_mode::replace);
  if (!timed) co_return std::unexpected(timed.error());
  const auto added = co_await rows_.add(guild, out);
  if (!added) co_return std::unexpected(added.error());
  if (!*added) co_return std::nullopt;
  co_return out;
}

net::task<base::result<bool>> room_desk::may_make(discord::guild_id guild, discord::channel_id parent) {
  const auto held = services_.guilds.base_permissions_of_self(guild);
  if (held && !needed_permissions.without(*held).empty()) {
    (void)co_await reporter_.report({.guild = guild, .missing = needed_permissions.without(*held)});
    co_return false;
  }
  const auto rooms = co_await rows_.all({guild});
  if (!rooms) co_return std::unexpected(rooms.error());
  const guild_preferences server = co_await preferences_of(services_.settings, services_.guilds, guild);
  guild_report full{.guild = guild, .cause = failure_cause::guild_full, .channel = parent};
  if (rooms->size() >= most_rooms) {
    full.detail = texts::rooms_full.format(server.posts, fmt::arg("most", most_rooms));
  } else if (children_of(guild, parent) >= most_in_category) {
    full.detail = texts::category_full.in(server.posts);
  } else {
    co_return true;
  }
  (void)co_await reporter_.report(std::move(full));
  co_return false;
}

std::size_t room_desk::children_of(discord::guild_id guild, discord::channel_id category) const {
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  if (record == nullptr || category.empty()) return 0;
  return static_cast<std::size_t>(
      std::ranges::count(record->channels(), category, &discord::channel_record::parent));
}

net::task<std::optional<discord::channel_id>> room_desk::make(discord::guild_id guild, numbered_room made,
                                                              voice_change who, voice_options options,
                                                              std::uint64_t sequence) {
  std::string name = room_name(options.name, who.name);
  if (name.empty()) {
    const guild_preferences server = co_await preferences_of(services_.settings, services_.guilds, guild);
    name = texts::default_name.in(server.posts);
  }
  auto people = overwrites(guild, made.what);
  if (!people) co_return std::nullopt;  // the trigger was deleted at this moment
  discord::channel_body body{
      .name = std::move(name), .type = discord::channel_type::voice, .overwrites = std::move(*people)};
  if (const auto parent = parent_of(guild, options, who.channel); !parent.empty()) body.parent = parent;
  if (options.limit > 0) body.user_limit = options.limit;
  auto request = endpoints::create_channel(guild, body, std::string(own_name));
  if (!request) co_return std::nullopt;
  request->deadline = services_.clock.steady_now() + made_within;
  const finder look = [this, guild, what = made.what] { return find_channel(guild, what); };
  if (!made.is_new) {  // an earlier event of this member may have made it
    const auto earlier = co_await look();
    if (earlier && *earlier) co_return discord::channel_id{discord::parse_snowflake(**earlier).value_or(0)};
  }
  const auto id = co_await services_.effects.make({sequence, 1}, std::move(*request), look);
  if (id) co_return discord::channel_id{discord::parse_snowflake(*id).value_or(0)};
  co_await report(id.error(), guild, who.channel);
  if (cause_of(id.error())) (void)co_await forget(guild, made.number);  // else its timer does it
  co_return std::nullopt;
}

net::task<base::result<std::optional<std::string>>> room_desk::find_channel(discord::guild_id guild,
                                                                            room what) {
  const auto rooms = co_await rows_.all({guild});
  if (!rooms) co_return std::unexpected(rooms.error());
  const auto all = co_await services_.effects.call(endpoints::get_guild_channels(guild));
  if (!all) co_return std::unexpected(all.error());
  std::vector<discord::channel_id> known;
  for (const record& each : *rooms) {
    const auto read = parse_room(each.value);
    if (read && !read->channel.empty()) known.push_back(read->channel);
  }
  const auto found = find_made(*all, what, services_.guilds.self(), known);
  if (!found) co_return std::optional<std::string>();
  co_return std::optional(fmt::format("{}", *found));
}

net::task<bool> room_desk::move(discord::guild_id guild, discord::user_id user, discord::channel_id to) {
  auto request = endpoints::edit_member(guild, user, {.voice_channel = to});
  if (!request) co_return true;
  const auto moved = co_await services_.effects.call(std::move(*request));
  if (moved || moved.error().code() == rest_error::target_not_in_voice) co_return true;
  if (moved.error().code() == rest_error::unknown_channel) co_return false;
  co_await report(moved.error(), guild, to);
  co_return true;
}

net::task<> room_desk::report(base::error error, discord::guild_id guild, discord::channel_id about) {
  co_await reporter_.report_error(std::move(error), {.guild = guild, .channel = about});
}

net::task<base::result<store::schedule_outcome>> room_desk::check_in(discord::guild_id guild,
                                                                     std::string number,
                                                                     std::chrono::seconds wait,
                                                                     store::schedule_mode mode) {
  timer wanted{.key = timer_key(guild, number),
               .what = "check",
               .guild = guild,
               .due = services_.clock.wall_now() + wait,
               .payload = std::move(number)};
  co_return co_await services_.jobs.schedule(std::move(wanted), mode);
}

net::task<base::result<void>> room_desk::forget(discord::guild_id guild, std::string number) {
  const auto gone = co_await rows_.remove(guild, number);
  if (!gone) co_return std::unexpected(gone.error());
  (void)co_await services_.jobs.cancel(timer_key(guild, number));  // one that stays finds no row
  co_return base::result<void>();
}

net::task<base::result<void>> room_desk::apply(discord::guild_id guild, std::string number) {
  auto wanted = co_await rows_.read(guild, number);
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (!wanted) co_return std::unexpected(wanted.error());
    if (!*wanted) co_return base::fail(rest_error::unknown_channel, "room " + number);
    const room given = **wanted;
    auto people = overwrites(guild, given);
    if (!people) co_return base::fail(rest_error::unknown_channel, "room " + number);
    auto request =
        endpoints::edit_channel(given.channel, {.overwrites = std::move(*people)}, std::string(own_name));
    if (!request) co_return std::unexpected(request.error());
    const auto done = co_await services_.effects.call(std::move(*request));
    if (!done) co_return std::unexpected(done.error());
    wanted = co_await rows_.read(guild, number);
    if (wanted && *wanted && **wanted == given) break;
  }
  co_return base::result<void>();  // else who changes it all the time applies it too
}

bool room_desk::knows_trigger(discord::guild_id guild, const room& what) const {
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  return record != nullptr && record->find_channel(what.trigger) != nullptr;
}

std::optional<std::vector<discord::overwrite_body>> room_desk::overwrites(discord::guild_id guild,
                                                                          const room& what) const {
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  if (record == nullptr) return std::nullopt;
  const discord::channel_record* like = record->find_channel(what.trigger);
  if (like == nullptr) like = record->find_channel(what.channel);
  if (like == nullptr) return std::nullopt;
  const auto held = services_.guilds.base_permissions_of_self(guild);
  return overwrites_of(
      what, record->overwrites_of(*like),
      {.everyone = guild, .bot = services_.guilds.self(), .held = held.value_or(discord::all_permissions)});
}

discord::channel_id room_desk::parent_of(discord::guild_id guild, const voice_options& options,
                                         discord::channel_id trigger) const {
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  if (record == nullptr) return {};
  if (!options.category.empty() && record->find_channel(options.category) != nullptr) return options.category;
  const discord::channel_record* from = record->find_channel(trigger);
  return from == nullptr ? discord::channel_id{} : from->parent;
}

net::task<jobs::job_outcome> room_desk::on_job(job_call call) {
  const discord::guild_id guild = call.what.guild;
  numbered_room looked_at{.number = call.what.payload};
  const auto what = co_await rows_.read(guild, looked_at.number);
  if (!what) co_return jobs::job_failed{what.error().message()};
  if (!*what) co_return jobs::job_done{};
  looked_at.what = **what;
  const base::wall_time now = services_.clock.wall_now();
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  // In an outage nobody is known to be gone.
  if (record == nullptr || !record->available) co_return jobs::job_again{now + until_known};
  if (looked_at.what.channel.empty()) co_return co_await repair(guild, std::move(looked_at));
  if (!members_in(*record, looked_at.what.channel).empty()) co_return jobs::job_again{now + look_again};
  const auto behind = started_ + catching_up - services_.clock.steady_now();
  if (behind.count() > 0)
    co_return jobs::job_again{now + std::chrono::ceil<std::chrono::milliseconds>(behind)};
  co_return co_await clear(guild, std::move(looked_at));
}

// The process that was to make it died on the way.
net::task<jobs::job_outcome> room_desk::repair(discord::guild_id guild, numbered_room broken) {
  const auto found = co_await find_channel(guild, broken.what);
  if (!found) co_return jobs::job_failed{found.error().message()};
  if (!*found) co_return co_await drop(guild, std::move(broken.number));
  const discord::channel_id channel{discord::parse_snowflake(**found).value_or(0)};
  const auto kept = co_await rows_.edit(guild, broken.number, [channel](room& what) {
    what.channel = channel;
    return true;
  });
  if (!kept) co_return jobs::job_failed{kept.error().message()};
  base::wall_time next = services_.clock.wall_now();
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  if (record != nullptr && record->voice_channel_of(broken.what.owner) == broken.what.trigger) {
    (void)co_await move(guild, broken.what.owner, channel);  // who waits since then
    next += until_known;
  }
  co_return jobs::job_again{next};
}

net::task<jobs::job_outcome> room_desk::clear(discord::guild_id guild, numbered_room empty) {
  const auto deleted =
      co_await services_.effects.call(endpoints::delete_channel(empty.what.channel, std::string(own_name)));
  if (!deleted && deleted.error().code() != rest_error::unknown_channel) {
    if (!cause_of(deleted.error())) co_return jobs::job_failed{deleted.error().message()};
    co_await report(deleted.error(), guild, empty.what.channel);
    co_return jobs::job_again{services_.clock.wall_now() + look_again};
  }
  co_return co_await drop(guild, std::move(empty.number));
}

net::task<jobs::job_outcome> room_desk::drop(discord::guild_id guild, std::string number) {
  const auto gone = co_await forget(guild, std::move(number));
  if (!gone) co_return jobs::job_failed{gone.error().message()};
  co_return jobs::job_done{};
}

}  // namespace guildfleet::features::temp_voices
