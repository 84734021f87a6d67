#include "features/moderation/case_book.hpp"

#include <charconv>

#include "store/error.hpp"

namespace guildfleet::features {
namespace {

constexpr const char* case_kind = "case";
constexpr const char* member_kind = "of";    // "<member>/<number>": the cases of a member
constexpr const char* event_kind = "event";  // which case an event has opened
constexpr const char* ban_kind = "ban";      // by member: the case of the ban that ends
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

bool changes_bans(mod_action what) {
  return what == mod_action::ban || what == mod_action::unban;
}

// What the case makes of the note of an earlier ban; nullopt: nothing.
std::optional<store::record_change> note_of(discord::guild_id guild, const mod_case& of,
                                            const std::optional<store::record>& before) {
  if (!changes_bans(of.action)) return std::nullopt;
  store::record_change out{
      .key = ban_key(guild, of.member), .expected_version = before ? before->version : 0, .value = {}};
  if (of.action == mod_action::ban && of.until) out.value = std::to_string(of.number);
  if (!out.value && !before) return std::nullopt;
  return out;
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
    if (auto note = note_of(guild, wanted, *noted)) changes.push_back(std::move(*note));
    const auto done = co_await records_.change(std::move(changes));
    if (!done) co_return std::unexpected(done.error());
    if (std::holds_alternative<std::vector<store::record>>(*done)) co_return wanted;
    const auto same = co_await opened_by(guild, event);
    if (same && *same) co_return **same;
  }
  co_return base::fail(store::store_error::busy, "cases");
}

net::task<> case_book::confirm(discord::guild_id guild, std::uint64_t number) {
  (void)co_await edit_record(records_, key_of(guild, number),
                             [number](const std::optional<store::record>& now) -> std::optional<record_edit> {
                               auto one = now ? parse_case(now->value) : std::nullopt;
                               if (!one || one->confirmed) return std::nullopt;
                               one->confirmed = true;
                               return record_edit{.value = to_json(*one),
                                                  .sort = static_cast<std::int64_t>(number)};
                             });
}

net::task<> case_book::withdraw(discord::guild_id guild, mod_case refused, std::uint64_t event) {
  const auto gone = [](const std::optional<store::record>& now) -> std::optional<record_edit> {
    return now ? std::optional(record_edit{}) : std::nullopt;
  };
  const auto number = refused.number;
  (void)co_await edit_record(records_, key_of(guild, number), gone);
  (void)co_await edit_record(records_, event_key(guild, event), gone);
  if (refused.member.empty()) co_return;
  (void)co_await edit_record(records_, member_key(guild, refused.member, number), gone);
  const auto gone_if_its = [number](const std::optional<store::record>& now) -> std::optional<record_edit> {
    return now && number_in(now->value) == number ? std::optional(record_edit{}) : std::nullopt;
  };
  (void)co_await edit_record(records_, ban_key(guild, refused.member), gone_if_its);
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
                                                                          std::string reason,
                                                                          discord::user_id by,
                                                                          base::wall_time now) {
  const auto row = co_await edit_record(
      records_, key_of(guild, number),
      [=](const std::optional<store::record>& is) -> std::optional<record_edit> {
        auto one = is ? parse_case(is->value) : std::nullopt;
        if (!one || one->reason == reason) return std::nullopt;
        replace_reason(*one, reason, by, now);
        return record_edit{.value = to_json(*one), .sort = static_cast<std::int64_t>(number)};
      });
  if (!row) co_return std::unexpected(row.error());
  co_return *row ? parse_case((*row)->value) : std::nullopt;
}

net::task<base::result<std::optional<timed_ban>>> case_book::timed_ban_of(discord::guild_id guild,
                                                                          discord::user_id member) {
  const auto row = co_await records_.get(ban_key(guild, member));
  if (!row) co_return std::unexpected(row.error());
  if (!*row) co_return std::optional<timed_ban>();
  co_return timed_ban{number_in((*row)->value), (*row)->version};
}

net::task<base::result<bool>> case_book::forget_ban(discord::guild_id guild, discord::user_id member,
                                                    timed_ban over) {
  std::vector<store::record_change> changes;
  changes.push_back({.key = ban_key(guild, member), .expected_version = over.version, .value = {}});
  const auto done = co_await records_.change(std::move(changes));
  if (!done) co_return std::unexpected(done.error());
  co_return std::holds_alternative<std::vector<store::record>>(*done);
}

}  // namespace guildfleet::features
