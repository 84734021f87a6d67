#include "features/ticket/ticket_store.hpp"

#include <algorithm>

#include "features/origins.hpp"
#include "store/error.hpp"

namespace guildfleet::features {
namespace {

using discord::guild_id;
using store::record;
using store::record_change;

constexpr int attempts = 16;

store::record_key ticket_key(guild_id guild, std::uint64_t number) {
  return {guild, "ticket", fmt::format("{}", number)};
}
store::record_key channel_key(guild_id guild, discord::channel_id channel) {
  return {guild, "channel", fmt::format("{}", channel)};
}
store::record_key slot_key(guild_id guild, discord::user_id user, std::uint64_t slot) {
  return {guild, "slot", fmt::format("{}.{}", user, slot)};
}

record_change writing(guild_id guild, const ticket_record& what, std::uint64_t version) {
  return {.key = ticket_key(guild, what.number),
          .expected_version = version,
          .value = stored(what),
          .sort = static_cast<std::int64_t>(what.number)};
}
record_change taking(guild_id guild, const ticket_record& what) {
  return {.key = slot_key(guild, what.user, what.slot), .value = fmt::format("{}", what.number)};
}

record_change deleting(const store::record_key& key, std::uint64_t version) {
  return {.key = key, .expected_version = version, .value = std::nullopt};
}

std::optional<ticket_record> read(const std::optional<record>& row) {
  return row ? read_ticket(row->value) : std::nullopt;
}

std::unexpected<base::error> busy(std::uint64_t number) {
  return base::fail(store::store_error::busy, fmt::format("ticket {}", number),
                    "Others change it all the time; try again.");
}

}  // namespace

struct ticket_store::slot_view {
  std::vector<std::uint64_t> taken;
  std::vector<ticket_record> tickets;  // that hold them
};

net::task<base::result<ticket_store::slot_view>> ticket_store::slots_of(guild_id guild,
                                                                        discord::user_id user) {
  store::record_query query{.guilds = {guild}, .kind = "slot", .key_prefix = fmt::format("{}.", user)};
  const auto rows = co_await list_all(records_, std::move(query));
  if (!rows) co_return std::unexpected(rows.error());
  slot_view out;
  for (const record& each : *rows) {
    const std::string& key = each.key.key;
    auto found = co_await get(guild, discord::parse_snowflake(each.value).value_or(0));
    if (!found) co_return std::unexpected(found.error());
    if (!*found) continue;  // it was erased since, and its slot with it
    out.taken.push_back(discord::parse_snowflake(key.substr(key.find('.') + 1)).value_or(0));
    out.tickets.push_back(std::move(**found));
  }
  co_return out;
}

net::task<base::result<opened_ticket>> ticket_store::open(guild_id guild, ticket_record draft,
                                                          std::size_t most) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto before = co_await number_made_by(records_, guild, draft.changed_by);
    if (!before) co_return std::unexpected(before.error());
    if (*before) {
      auto same = co_await get(guild, **before);
      if (!same) co_return std::unexpected(same.error());
      if (*same) co_return opened_ticket(std::move(**same));
      co_return opened_ticket(opened_before{});
    }
    auto view = co_await slots_of(guild, draft.user);
    if (!view) co_return std::unexpected(view.error());
    const auto slot = free_slot(view->taken, most);
    if (!slot) co_return opened_ticket(at_maximum{std::move(view->tickets)});
    if (draft.number == 0) {
      const auto number = co_await records_.next_number(guild, "ticket");
      if (!number) co_return std::unexpected(number.error());
      draft.number = *number;
    }
    draft.slot = *slot;
    std::vector<record_change> changes;
    changes.push_back(taking(guild, draft));
    changes.push_back(writing(guild, draft, 0));
    changes.push_back(made_by(guild, draft.changed_by, draft.number));
    const auto written = co_await records_.change(std::move(changes));
    if (!written) co_return std::unexpected(written.error());
    if (std::holds_alternative<std::vector<record>>(*written)) co_return opened_ticket(draft);
  }
  co_return busy(draft.number);
}

net::task<base::result<bool>> ticket_store::attach(guild_id guild, std::uint64_t number,
                                                   discord::channel_id channel) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto row = co_await records_.get(ticket_key(guild, number));
    if (!row) co_return std::unexpected(row.error());
    auto there = read(*row);
    if (!there) co_return false;
    if (there->state != ticket_state::opening) co_return there->channel == channel;
    there->channel = channel;
    there->state = ticket_state::open;
    std::vector<record_change> changes;
    changes.push_back(writing(guild, *there, (*row)->version));
    changes.push_back({.key = channel_key(guild, channel), .value = fmt::format("{}", number)});
    const auto written = co_await records_.change(std::move(changes));
    if (!written) co_return std::unexpected(written.error());
    if (std::holds_alternative<std::vector<record>>(*written)) co_return true;
  }
  co_return busy(number);
}

net::task<base::result<std::optional<ticket_record>>> ticket_store::get(guild_id guild,
                                                                        std::uint64_t number) {
  const auto row = co_await records_.get(ticket_key(guild, number));
  if (!row) co_return std::unexpected(row.error());
  co_return read(*row);
}

net::task<base::result<std::optional<ticket_record>>> ticket_store::in_channel(guild_id guild,
                                                                               discord::channel_id channel) {
  const auto row = co_await records_.get(channel_key(guild, channel));
  if (!row) co_return std::unexpected(row.error());
  if (!*row) co_return std::nullopt;
  co_return co_await get(guild, discord::parse_snowflake((*row)->value).value_or(0));
}

net::task<base::result<std::vector<ticket_store::of_guild>>> ticket_store::all(std::vector<guild_id> guilds) {
  store::record_query query{
      .guilds = std::move(guilds), .kind = "ticket", .order = store::record_order::by_sort};
  const auto rows = co_await list_all(records_, std::move(query));
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<of_guild> out;
  for (const record& each : *rows) {
    if (auto found = read_ticket(each.value)) out.push_back({each.key.guild, std::move(*found)});
  }
  co_return out;
}

net::task<base::result<ticket_change>> ticket_store::change(guild_id guild, std::uint64_t number,
                                                            apply_function apply, slot_use slot,
                                                            std::size_t most) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto row = co_await records_.get(ticket_key(guild, number));
    if (!row) co_return std::unexpected(row.error());
    auto there = read(*row);
    if (!there) co_return ticket_change{};
    ticket_record wanted = *there;
    if (!apply(wanted)) co_return ticket_change{.now = std::move(there)};
    std::vector<record_change> changes;
    if (slot == slot_use::release && wanted.slot != 0) {
      const auto held = co_await records_.get(slot_key(guild, wanted.user, wanted.slot));
      if (!held) co_return std::unexpected(held.error());
      if (*held) changes.push_back(deleting((*held)->key, (*held)->version));
      wanted.slot = 0;
    } else if (slot == slot_use::take) {
      const auto view = co_await slots_of(guild, wanted.user);
      if (!view) co_return std::unexpected(view.error());
      const auto place = free_slot(view->taken, most);
      if (!place) co_return ticket_change{.now = std::move(there), .no_slot = true};
      wanted.slot = *place;
      changes.push_back(taking(guild, wanted));
    }
    changes.push_back(writing(guild, wanted, (*row)->version));
    const auto written = co_await records_.change(std::move(changes));
    if (!written) co_return std::unexpected(written.error());
    if (std::holds_alternative<std::vector<record>>(*written))
      co_return ticket_change{.now = std::move(wanted), .done = true};
  }
  co_return busy(number);
}

net::task<base::result<void>> ticket_store::erase(guild_id guild, std::uint64_t number) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto row = co_await records_.get(ticket_key(guild, number));
    if (!row) co_return std::unexpected(row.error());
    const auto there = read(*row);
    if (!there) co_return base::result<void>{};
    std::vector<store::record_key> keys;
    if (there->slot != 0) keys.push_back(slot_key(guild, there->user, there->slot));
    if (!there->channel.empty()) keys.push_back(channel_key(guild, there->channel));
    std::vector<record_change> changes;
    changes.push_back(deleting((*row)->key, (*row)->version));
    for (const store::record_key& each : keys) {
      const auto held = co_await records_.get(each);
      if (!held) co_return std::unexpected(held.error());
      if (*held) changes.push_back(deleting(each, (*held)->version));
    }
    const auto written = co_await records_.change(std::move(changes));
    if (!written) co_return std::unexpected(written.error());
    if (std::holds_alternative<std::vector<record>>(*written)) co_return base::result<void>{};
  }
  co_return busy(number);
}

}  // namespace guildfleet::features
