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
constexpr std::chrono::seconds time_to_make{60};  // then a room without a channel is looked for
constexpr std::chrono::minutes look_again{10};    // at rooms that somebody is in
constexpr std::chrono::seconds until_known{30};   // a server whose state is not here
constexpr std::chrono::minutes until_seen{2};     // a channel that was made
constexpr std::chrono::seconds catching_up{10};   // after a start: what happened meanwhile is still coming in

store::record_key room_key(discord::guild_id guild, const std::string& number) {
  return {guild, "room", number};
}
// Unique: a member owns one room of a server.
store::record_key owner_key(discord::guild_id guild, discord::user_id owner) {
  return {guild, "owner", fmt::format("{}", owner)};
}

template <class T>
T& or_throw(base::result<T>& outcome) {
  if (!outcome) throw std::runtime_error("temp-voice: " + outcome.error().message());
  return *outcome;
}

}  // namespace

room_desk::room_desk(const shard_services& services)
    : services_(services), reporter_(services, texts::schema.title), started_(services.clock.steady_now()) {}

net::task<std::optional<numbered_room>> room_desk::open(discord::guild_id guild, voice_change who,
                                                        voice_options options, std::uint64_t sequence) {
  auto has = co_await existing(guild, who);
  if (has && !has->what.channel.empty()) {
    const bool there = co_await move(guild, who.user, has->what.channel);
    if (there) co_return has;
    co_await forget(guild, has->number);
    has.reset();
  }
  const bool may = co_await may_make(guild, parent_of(guild, options, who.channel));
  if (!may) co_return std::nullopt;
  if (!has) has = co_await announce(guild, who);
  if (!has) co_return std::nullopt;
  co_await check_in(guild, has->number, std::max(time_to_make, options.grace), store::schedule_mode::replace);
  const auto channel = co_await make(guild, *has, who, std::move(options), sequence);
  if (!channel) co_return std::nullopt;
  const auto set = [channel](room& what) {
    what.channel = *channel;
    return true;
  };
  auto kept = co_await edit(guild, has->number, set);
  if (!or_throw(kept)) co_return std::nullopt;
  has->what = **kept;
  (void)co_await move(guild, who.user, *channel);
  co_return has;
}

// One whose channel was deleted while nobody looked is none any more. A new one may not be known yet: the
// event of its making may be on its way.
net::task<std::optional<numbered_room>> room_desk::existing(discord::guild_id guild, voice_change who) {
  auto found = co_await room_of(guild, who.user);
  auto& has = or_throw(found);
  if (!has || has->what.channel.empty()) co_return has;
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  const bool is_new = services_.clock.wall_now() < has->what.made + until_seen;
  if (is_new || record == nullptr || record->find_channel(has->what.channel) != nullptr) co_return has;
  co_await forget(guild, has->number);
  co_return std::nullopt;
}

net::task<std::optional<numbered_room>> room_desk::announce(discord::guild_id guild, voice_change who) {
  auto next = co_await services_.records.next_number(guild, "room");
  numbered_room out{
      .number = fmt::format("{}", or_throw(next)),
      .what = {.owner = who.user,
               .trigger = who.channel,
               .made = std::chrono::floor<std::chrono::milliseconds>(services_.clock.wall_now())},
      .is_new = true};
  std::vector<store::record_change> changes;
  changes.push_back({.key = owner_key(guild, who.user), .value = out.number});
  changes.push_back({.key = room_key(guild, out.number), .value = to_json(out.what)});
  auto outcome = co_await services_.records.change(std::move(changes));
  (void)or_throw(outcome);
  if (!was_written(outcome)) co_return std::nullopt;
  co_return out;
}

net::task<bool> room_desk::may_make(discord::guild_id guild, discord::channel_id parent) {
  const auto held = services_.guilds.base_permissions_of_self(guild);
  if (held && !needed_permissions.without(*held).empty()) {
    (void)co_await reporter_.report({.guild = guild, .missing = needed_permissions.without(*held)});
    co_return false;
  }
  const auto rooms = co_await rooms_of({guild});
  if (!rooms) co_return false;
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
  if (name.empty()) name = texts::schema.title.in(language::english);
  discord::channel_body body{.name = std::move(name),
                             .type = discord::channel_type::voice,
                             .overwrites = overwrites(guild, made.what)};
  if (const auto parent = parent_of(guild, options, who.channel); !parent.empty()) body.parent = parent;
  if (options.limit > 0) body.user_limit = options.limit;
  auto request = endpoints::create_channel(guild, body, std::string(own_name));
  if (!request) co_return std::nullopt;
  const finder look = [this, guild, what = made.what] { return find_channel(guild, what); };
  if (!made.is_new) {  // an earlier event of this member may have made it
    const auto earlier = co_await look();
    if (earlier && *earlier) co_return discord::channel_id{discord::parse_snowflake(**earlier).value_or(0)};
  }
  const auto id = co_await services_.effects.make({sequence, 1}, std::move(*request), look);
  if (id) co_return discord::channel_id{discord::parse_snowflake(*id).value_or(0)};
  co_await report(id.error(), guild, who.channel);
  if (cause_of(id.error())) co_await forget(guild, made.number);
  co_return std::nullopt;
}

net::task<base::result<std::optional<std::string>>> room_desk::find_channel(discord::guild_id guild,
                                                                            room what) {
  const auto rooms = co_await rooms_of({guild});
  if (!rooms) co_return std::optional<std::string>();
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

net::task<> room_desk::check_in(discord::guild_id guild, std::string number, std::chrono::seconds wait,
                                store::schedule_mode mode) {
  timer wanted{.key = fmt::format("check/{}/{}", guild, number),
               .what = "check",
               .guild = guild,
               .due = services_.clock.wall_now() + wait,
               .payload = std::move(number)};
  (void)co_await services_.jobs.schedule(std::move(wanted), mode);
}

net::task<std::optional<std::vector<record>>> room_desk::rooms_of(std::vector<discord::guild_id> guilds) {
  auto rows = co_await list_all(services_.records, {.guilds = std::move(guilds), .kind = "room"});
  if (!rows) co_return std::nullopt;
  co_return std::move(*rows);
}

net::task<base::result<std::optional<room>>> room_desk::read(discord::guild_id guild, std::string number) {
  const auto row = co_await services_.records.get(room_key(guild, number));
  if (!row) co_return std::unexpected(row.error());
  if (!*row) co_return std::optional<room>();
  co_return parse_room((*row)->value);
}

net::task<base::result<std::optional<numbered_room>>> room_desk::room_of(discord::guild_id guild,
                                                                         discord::user_id owner) {
  const auto row = co_await services_.records.get(owner_key(guild, owner));
  if (!row) co_return std::unexpected(row.error());
  if (!*row) co_return std::optional<numbered_room>();
  const std::string number = (*row)->value;
  auto what = co_await read(guild, number);
  if (!what) co_return std::unexpected(what.error());
  if (!*what) co_return std::optional<numbered_room>();
  co_return std::optional(numbered_room{.number = number, .what = std::move(**what)});
}

net::task<base::result<std::optional<room>>> room_desk::edit(discord::guild_id guild, std::string number,
                                                             change_function change) {
  const auto kept =
      co_await edit_record(services_.records, room_key(guild, number),
                           [&change](const std::optional<record>& now) -> std::optional<record_edit> {
                             auto what = now ? parse_room(now->value) : std::nullopt;
                             if (!what || !change(*what)) return std::nullopt;
                             return record_edit{.value = to_json(*what)};
                           });
  if (!kept) co_return std::unexpected(kept.error());
  if (!*kept) co_return std::optional<room>();
  co_return parse_room((*kept)->value);
}

net::task<base::result<bool>> room_desk::transfer(discord::guild_id guild, std::string number,
                                                  discord::user_id to) {
  const auto row = co_await services_.records.get(room_key(guild, number));
  if (!row) co_return std::unexpected(row.error());
  auto what = *row ? parse_room((*row)->value) : std::nullopt;
  if (!what) co_return false;
  const auto old = co_await services_.records.get(owner_key(guild, what->owner));
  if (!old) co_return std::unexpected(old.error());
  what->owner = to;
  std::erase(what->kicked, to);
  std::vector<store::record_change> changes;
  if (*old && (*old)->value == number) changes.push_back(removal(**old));
  changes.push_back({.key = owner_key(guild, to), .value = number});
  changes.push_back(
      {.key = room_key(guild, number), .expected_version = (*row)->version, .value = to_json(*what)});
  const auto outcome = co_await services_.records.change(std::move(changes));
  if (!outcome) co_return std::unexpected(outcome.error());
  co_return was_written(outcome);
}

net::task<> room_desk::forget(discord::guild_id guild, std::string number) {
  const auto row = co_await services_.records.get(room_key(guild, number));
  if (!row || !*row) co_return;
  std::vector<store::record_change> changes{removal(**row)};
  if (const auto what = parse_room((*row)->value)) {
    const auto owner = co_await services_.records.get(owner_key(guild, what->owner));
    if (!owner) co_return;
    if (*owner && (*owner)->value == number) changes.push_back(removal(**owner));
  }
  (void)co_await services_.records.change(std::move(changes));
  (void)co_await services_.jobs.cancel(fmt::format("check/{}/{}", guild, number));
}

net::task<base::result<void>> room_desk::apply(discord::guild_id guild, room what) {
  auto request =
      endpoints::edit_channel(what.channel, {.overwrites = overwrites(guild, what)}, std::string(own_name));
  if (!request) co_return std::unexpected(request.error());
  const auto done = co_await services_.effects.call(std::move(*request));
  if (!done) co_return std::unexpected(done.error());
  co_return base::result<void>();
}

std::vector<discord::overwrite_body> room_desk::overwrites(discord::guild_id guild, const room& what) const {
  const discord::guild_record* record = services_.guilds.find_guild(guild);
  const auto* trigger = record == nullptr ? nullptr : record->find_channel(what.trigger);
  const auto held = services_.guilds.base_permissions_of_self(guild);
  return overwrites_of(
      what, trigger == nullptr ? std::span<const discord::overwrite>() : record->overwrites_of(*trigger),
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
  const auto what = co_await read(guild, looked_at.number);
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
  if (!*found) {
    co_await forget(guild, broken.number);
    co_return jobs::job_done{};
  }
  const discord::channel_id channel{discord::parse_snowflake(**found).value_or(0)};
  const auto kept = co_await edit(guild, broken.number, [channel](room& what) {
    what.channel = channel;
    return true;
  });
  if (!kept) co_return jobs::job_failed{kept.error().message()};
  co_return jobs::job_again{services_.clock.wall_now()};
}

net::task<jobs::job_outcome> room_desk::clear(discord::guild_id guild, numbered_room empty) {
  const auto deleted =
      co_await services_.effects.call(endpoints::delete_channel(empty.what.channel, std::string(own_name)));
  if (!deleted && deleted.error().code() != rest_error::unknown_channel) {
    if (!cause_of(deleted.error())) co_return jobs::job_failed{deleted.error().message()};
    co_await report(deleted.error(), guild, empty.what.channel);
    co_return jobs::job_again{services_.clock.wall_now() + look_again};
  }
  co_await forget(guild, empty.number);
  co_return jobs::job_done{};
}

}  // namespace guildfleet::features::temp_voices
