#include "features/temp_voice/room_store.hpp"

#include "discord/rest/error.hpp"
#include "store/error.hpp"

namespace guildfleet::features::temp_voices {
namespace {

using store::record;

constexpr int attempts = 8;  // while others change the same room

store::record_key room_key(discord::guild_id guild, const std::string& number) {
  return {guild, "room", number};
}
// Unique: a member owns one room of a server.
store::record_key owner_key(discord::guild_id guild, discord::user_id owner) {
  return {guild, "owner", fmt::format("{}", owner)};
}

std::unexpected<base::error> contended(const std::string& number) {
  return base::fail(store::store_error::busy, "room " + number);
}

}  // namespace

net::task<base::result<std::vector<record>>> room_store::all(std::vector<discord::guild_id> guilds) {
  co_return co_await list_all(records_, {.guilds = std::move(guilds), .kind = "room"});
}

net::task<base::result<std::optional<room>>> room_store::read(discord::guild_id guild, std::string number) {
  const auto row = co_await records_.get(room_key(guild, number));
  if (!row) co_return std::unexpected(row.error());
  if (!*row) co_return std::optional<room>();
  co_return parse_room((*row)->value);
}

net::task<base::result<std::optional<numbered_room>>> room_store::room_of(discord::guild_id guild,
                                                                          discord::user_id owner) {
  const auto row = co_await records_.get(owner_key(guild, owner));
  if (!row) co_return std::unexpected(row.error());
  if (!*row) co_return std::optional<numbered_room>();
  const std::string number = (*row)->value;
  auto what = co_await read(guild, number);
  if (!what) co_return std::unexpected(what.error());
  if (!*what) co_return std::optional<numbered_room>();
  co_return std::optional(numbered_room{.number = number, .what = std::move(**what)});
}

net::task<base::result<bool>> room_store::add(discord::guild_id guild, numbered_room what) {
  std::vector<store::record_change> changes;
  changes.push_back({.key = owner_key(guild, what.what.owner), .value = what.number});
  changes.push_back({.key = room_key(guild, what.number), .value = to_json(what.what)});
  const auto outcome = co_await records_.change(std::move(changes));
  if (!outcome) co_return std::unexpected(outcome.error());
  co_return was_written(outcome);
}

net::task<base::result<std::optional<room>>> room_store::edit(discord::guild_id guild, std::string number,
                                                              change_function change) {
  const auto kept =
      co_await edit_record(records_, room_key(guild, number),
                           [&change](const std::optional<record>& now) -> std::optional<record_edit> {
                             auto what = now ? parse_room(now->value) : std::nullopt;
                             if (!what || !change(*what)) return std::nullopt;
                             return record_edit{.value = to_json(*what)};
                           });
  if (!kept) co_return std::unexpected(kept.error());
  if (!*kept) co_return std::optional<room>();
  co_return parse_room((*kept)->value);
}

net::task<base::result<bool>> room_store::transfer(discord::guild_id guild, std::string number,
                                                   discord::user_id to, discord::interaction_id by) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto row = co_await records_.get(room_key(guild, number));
    if (!row) co_return std::unexpected(row.error());
    auto what = *row ? parse_room((*row)->value) : std::nullopt;
    if (!what) co_return base::fail(discord::rest_error::unknown_channel, "room " + number);
    const auto old = co_await records_.get(owner_key(guild, what->owner));
    if (!old) co_return std::unexpected(old.error());
    if (!note_applied(*what, by)) co_return true;
    what->owner = to;
    std::erase(what->kicked, to);
    std::vector<store::record_change> changes;
    changes.push_back({.key = owner_key(guild, to), .value = number});
    changes.push_back(
        {.key = room_key(guild, number), .expected_version = (*row)->version, .value = to_json(*what)});
    if (*old && (*old)->value == number) changes.push_back(removal(**old));
    const auto outcome = co_await records_.change(std::move(changes));
    if (!outcome) co_return std::unexpected(outcome.error());
    const auto* conflict = std::get_if<store::record_conflict>(&*outcome);
    if (conflict == nullptr) co_return true;
    if (conflict->at == 0) co_return false;
  }
  co_return contended(number);
}

net::task<base::result<void>> room_store::remove(discord::guild_id guild, std::string number) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto gone = co_await take_away(guild, number);
    if (!gone) co_return std::unexpected(gone.error());
    if (*gone) co_return base::result<void>();
  }
  co_return contended(number);
}

net::task<base::result<bool>> room_store::take_away(discord::guild_id guild, std::string number) {
  const auto row = co_await records_.get(room_key(guild, number));
  if (!row) co_return std::unexpected(row.error());
  if (!*row) co_return true;
  std::vector<store::record_change> changes{removal(**row)};
  if (const auto what = parse_room((*row)->value)) {
    const auto owner = co_await records_.get(owner_key(guild, what->owner));
    if (!owner) co_return std::unexpected(owner.error());
    if (*owner && (*owner)->value == number) changes.push_back(removal(**owner));
  }
  const auto outcome = co_await records_.change(std::move(changes));
  if (!outcome) co_return std::unexpected(outcome.error());
  co_return was_written(outcome);
}

}  // namespace guildfleet::features::temp_voices
