#include "features/moderation/case_book.hpp"

#include <boost/json/parse.hpp>
#include <charconv>

#include "base/json_text.hpp"
#include "settings/typed_reading.hpp"
#include "store/error.hpp"

namespace guildfleet::features {
namespace {

constexpr const char* case_kind = "case";
constexpr const char* member_kind = "of";    // "<member>/<number>": the cases of a member
constexpr const char* event_kind = "event";  // which case an event has opened
constexpr const char* ban_kind = "ban";      // by member: what is noted of the ban
constexpr std::chrono::hours events_come_again_within{24};
constexpr int attempts = 5;

store::record_key key_of(discord::guild_id guild, std::uint64_t number) {
  return {guild, case_kind, std::to_string(number)};
}
store::record_key member_key(discord::guild_id guild, discord::user_id member, std::uint64_t number) {
  return {guild, member_kind, fmt::format("{}/{}", member, number)};
}
store::record_key event_key(discord::guild_id guild, std::uint64_t event) {
  return {guild, event_kind, std::to_string(event)};
}
store::record_key ban_key(discord::guild_id guild, discord::user_id member) {
  return {guild, ban_kind, std::to_string(member.value)};
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

// What a case has made of a member's ban. Without an end it only keeps an older case, whose event comes
// again, from noting its own.
struct ban_note {
  std::uint64_t number = 0;
  std::optional<base::wall_time> until{};
  std::string keeper{};
};

std::string to_json(const ban_note& note) {
  base::json_writer out;
  out.begin_object().key("case").number(note.number);
  if (note.until) out.key("until").number(std::int64_t{note.until->time_since_epoch().count()});
  return out.key("bot").string(note.keeper).end_object().take();
}

ban_note parse_note(std::string_view text) {
  namespace json = boost::json;
  boost::system::error_code failed;
  const json::value parsed = json::parse({text.data(), text.size()}, failed);
  const json::object* all = failed ? nullptr : parsed.if_object();
  if (all == nullptr) return {};
  ban_note out{.number = static_cast<std::uint64_t>(settings::whole(*all, "case")),
               .keeper = std::string(settings::words(*all, "bot"))};
  if (all->contains("until"))
    out.until = base::wall_time(std::chrono::milliseconds(settings::whole(*all, "until")));
  return out;
}

ban_note note_in(const std::optional<store::record>& row) {
  return row ? parse_note(row->value) : ban_note{};
}

std::optional<noted_ban> noted_in(const store::record& row) {
  ban_note note = parse_note(row.value);
  if (!note.until) return std::nullopt;
  return noted_ban{note.number, *note.until, std::move(note.keeper), row.version};
}

// Sorted by their end; without one they stand in no list.
store::record_change written(store::record_key key, std::uint64_t version, const ban_note& note) {
  store::record_change out{.key = std::move(key), .expected_version = version, .value = to_json(note)};
  if (note.until)
    out.sort = note.until->time_since_epoch().count();
  else
    out.keep_for = events_come_again_within;
  return out;
}

store::record_change noting(discord::guild_id guild, const mod_case& of, const std::string& bot,
                            const std::optional<store::record>& before) {
  const auto until = of.action == mod_action::ban ? of.until : std::nullopt;
  return written(ban_key(guild, of.member), before ? before->version : 0, {of.number, until, bot});
}

std::vector<store::record_change> opening(discord::guild_id guild, const mod_case& one, std::uint64_t event) {
  const auto number = static_cast<std::int64_t>(one.number);
  std::vector<store::record_change> out;
  out.push_back({.key = key_of(guild, one.number), .value = to_json(one), .sort = number});
  out.push_back({.key = event_key(guild, event),
                 .value = std::to_string(one.number),
                 .keep_for = events_come_again_within});
  if (!one.member.empty())
    out.push_back({.key = member_key(guild, one.member, one.number), .value = std::string(), .sort = number});
  return out;
}

}  // namespace

net::task<base::result<std::optional<mod_case>>> case_book::opened_by(discord::guild_id guild,
                                                                      std::uint64_t event) {
  const auto row = co_await records_.get(event_key(guild, event));
  if (!row) co_return std::unexpected(row.error());
  if (!*row) co_return std::optional<mod_case>();
  co_return co_await find(guild, number_in((*row)->value));
}

net::task<base::result<mod_case>> case_book::open(discord::guild_id guild, mod_case wanted,
                                                  std::uint64_t event) {
  const auto before = co_await opened_by(guild, event);
  if (!before) co_return std::unexpected(before.error());
  if (*before) co_return **before;
  const auto number = co_await records_.next_number(guild, case_kind);
  if (!number) co_return std::unexpected(number.error());
  wanted.number = *number;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto noted = co_await records_.get(ban_key(guild, wanted.member));
    if (!noted) co_return std::unexpected(noted.error());
    std::vector<store::record_change> changes = opening(guild, wanted, event);
    if (wanted.action == mod_action::ban && wanted.until && !note_in(*noted).until)
      changes.push_back(noting(guild, wanted, bot_, *noted));
    const auto done = co_await records_.change(std::move(changes));
    if (!done) co_return std::unexpected(done.error());
    if (std::holds_alternative<std::vector<store::record>>(*done)) co_return wanted;
    const auto same = co_await opened_by(guild, event);
    if (same && *same) co_return **same;
  }
  co_return base::fail(store::store_error::busy, "cases");
}

net::task<base::result<void>> case_book::confirm(discord::guild_id guild, mod_case done) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto row = co_await records_.get(key_of(guild, done.number));
    if (!row) co_return std::unexpected(row.error());
    auto one = *row ? parse_case((*row)->value) : std::nullopt;
    if (!one || one->confirmed) co_return base::result<void>{};
    one->confirmed = true;
    one->purged = done.purged;
    std::vector<store::record_change> changes;
    changes.push_back({.key = (*row)->key,
                       .expected_version = (*row)->version,
                       .value = to_json(*one),
                       .sort = static_cast<std::int64_t>(one->number)});
    if (changes_bans(one->action)) {
      const auto noted = co_await records_.get(ban_key(guild, one->member));
      if (!noted) co_return std::unexpected(noted.error());
      if (note_in(*noted).number < one->number) changes.push_back(noting(guild, *one, bot_, *noted));
    }
    const auto outcome = co_await records_.change(std::move(changes));
    if (!outcome) co_return std::unexpected(outcome.error());
    if (was_written(outcome)) co_return base::result<void>{};
  }
  co_return base::fail(store::store_error::busy, "cases");
}

net::task<> case_book::withdraw(discord::guild_id guild, mod_case refused, std::uint64_t event) {
  std::vector<store::record_key> keys{key_of(guild, refused.number), event_key(guild, event)};
  if (!refused.member.empty()) {
    keys.push_back(member_key(guild, refused.member, refused.number));
    keys.push_back(ban_key(guild, refused.member));
  }
  for (int attempt = 0; attempt < attempts; ++attempt) {
    std::vector<store::record_change> changes;
    for (const store::record_key& key : keys) {
      const auto row = co_await records_.get(key);
      if (!row) co_return;
      const bool is_its = *row && (key.kind != ban_kind || note_in(*row).number == refused.number);
      if (is_its) changes.push_back(removal(**row));
    }
    if (changes.empty()) co_return;
    const auto outcome = co_await records_.change(std::move(changes));
    if (!outcome || was_written(outcome)) co_return;
  }
}

net::task<base::result<std::optional<mod_case>>> case_book::find(discord::guild_id guild,
                                                                 std::uint64_t number) {
  const auto row = co_await records_.get(key_of(guild, number));
  if (!row) co_return std::unexpected(row.error());
  co_return *row ? parse_case((*row)->value) : std::nullopt;
}

net::task<base::result<std::vector<mod_case>>> case_book::latest(discord::guild_id guild,
                                                                 discord::user_id member, std::size_t most) {
  store::record_query query{.guilds = {guild},
                            .kind = case_kind,
                            .order = store::record_order::by_sort_descending,
                            .limit = static_cast<std::uint32_t>(most)};
  if (!member.empty()) {
    query.kind = member_kind;
    query.key_prefix = fmt::format("{}/", member);
  }
  const auto rows = co_await records_.list(std::move(query));
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<mod_case> out;
  for (const store::record& each : rows->records) {
    std::optional<mod_case> one;
    if (member.empty()) {
      one = parse_case(each.value);
    } else {
      const auto read =
          co_await find(guild, number_in(std::string_view(each.key.key).substr(each.key.key.find('/') + 1)));
      if (!read) co_return std::unexpected(read.error());
      one = *read;
    }
    if (one) out.push_back(std::move(*one));
  }
  co_return out;
}

net::task<base::result<std::optional<mod_case>>> case_book::change_reason(discord::guild_id guild,
                                                                          std::uint64_t number,
                                                                          new_reason with) {
  const auto row = co_await edit_record(
      records_, key_of(guild, number),
      [=](const std::optional<store::record>& is) -> std::optional<record_edit> {
        auto one = is ? parse_case(is->value) : std::nullopt;
        if (!one || !replace_reason(*one, with)) return std::nullopt;
        return record_edit{.value = to_json(*one), .sort = static_cast<std::int64_t>(number)};
      });
  if (!row) co_return std::unexpected(row.error());
  co_return *row ? parse_case((*row)->value) : std::nullopt;
}

net::task<base::result<std::optional<noted_ban>>> case_book::ban_of(discord::guild_id guild,
                                                                    discord::user_id member) {
  const auto row = co_await records_.get(ban_key(guild, member));
  if (!row) co_return std::unexpected(row.error());
  co_return *row ? noted_in(**row) : std::nullopt;
}

net::task<base::result<bool>> case_book::forget_ban(discord::guild_id guild, discord::user_id member,
                                                    noted_ban over) {
  std::vector<store::record_change> changes;
  changes.push_back({.key = ban_key(guild, member), .expected_version = over.version, .value = {}});
  const auto done = co_await records_.change(std::move(changes));
  if (!done) co_return std::unexpected(done.error());
  co_return was_written(done);
}

net::task<base::result<std::vector<case_book::ban_of_member>>> case_book::take_over_bans(
    std::vector<discord::guild_id> guilds) {
  const auto rows = co_await list_all(
      records_, {.guilds = std::move(guilds), .kind = ban_kind, .order = store::record_order::by_sort});
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<ban_of_member> out;
  for (const store::record& each : *rows) {
    auto noted = noted_in(each);
    if (!noted) continue;
    const bool was_anothers = noted->keeper != bot_;
    if (was_anothers) {
      std::vector<store::record_change> changes;
      changes.push_back(written(each.key, each.version, {noted->number, noted->until, bot_}));
      const auto taken = co_await records_.change(std::move(changes));
      if (!taken) co_return std::unexpected(taken.error());
      if (!was_written(taken)) continue;  // it ends, or is made anew, at this moment
    }
    out.push_back({each.key.guild, {number_in(each.key.key)}, std::move(*noted), was_anothers});
  }
  co_return out;
}

}  // namespace guildfleet::features
