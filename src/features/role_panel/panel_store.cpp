#include "features/role_panel/panel_store.hpp"

#include "features/origins.hpp"
#include "store/error.hpp"

namespace guildfleet::features {
namespace {

constexpr const char* record_kind = "panel";

store::record_key key_of(discord::guild_id guild, std::uint64_t number) {
  return {guild, record_kind, fmt::format("{}", number)};
}

// Which panel was made last: changed by everybody who makes one.
store::record_key latest_key(discord::guild_id guild) {
  return {guild, "latest", record_kind};
}

std::optional<panel> read(const std::optional<store::record>& row) {
  return row ? read_panel(row->value) : std::nullopt;
}

std::int64_t sort_of(const panel& what) {
  return static_cast<std::int64_t>(what.number);
}

}  // namespace

net::task<base::result<std::optional<panel>>> panel_store::get(discord::guild_id guild,
                                                               std::uint64_t number) {
  const auto row = co_await records_.get(key_of(guild, number));
  if (!row) co_return std::unexpected(row.error());
  co_return read(*row);
}

net::task<base::result<std::vector<panel>>> panel_store::all(discord::guild_id guild) {
  store::record_query query{.guilds = {guild}, .kind = record_kind, .order = store::record_order::by_sort};
  const auto rows = co_await list_all(records_, std::move(query));
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<panel> out;
  for (const store::record& each : *rows) {
    if (auto found = read_panel(each.value)) out.push_back(std::move(*found));
  }
  co_return out;
}

net::task<base::result<std::optional<std::uint64_t>>> panel_store::create(discord::guild_id guild,
                                                                          std::vector<panel> drafts,
                                                                          discord::interaction_id by) {
  constexpr int attempts = 16;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto before = co_await number_made_by(records_, guild, by);
    if (!before || *before) co_return before;
    // Read before the panels are counted, and written with the new ones: of two that count at the same time
    // one is refused, and counts again.
    const auto latest = co_await records_.get(latest_key(guild));
    if (!latest) co_return std::unexpected(latest.error());
    const auto there = co_await all(guild);
    if (!there) co_return std::unexpected(there.error());
    if (there->size() + drafts.size() > most_panels) co_return std::nullopt;
    std::vector<store::record_change> changes;
    for (panel& each : drafts) {
      if (each.number == 0) {
        const auto number = co_await records_.next_number(guild, record_kind);
        if (!number) co_return std::unexpected(number.error());
        each.number = *number;
      }
      changes.push_back({.key = key_of(guild, each.number), .value = stored(each), .sort = sort_of(each)});
    }
    changes.push_back({.key = latest_key(guild),
                       .expected_version = *latest ? (*latest)->version : 0,
                       .value = fmt::format("{}", drafts.back().number)});
    changes.push_back(made_by(guild, by, drafts.front().number));
    const auto written = co_await records_.change(std::move(changes));
    if (!written) co_return std::unexpected(written.error());
    if (!std::holds_alternative<store::record_conflict>(*written)) co_return drafts.front().number;
  }
  co_return base::fail(store::store_error::busy, fmt::format("panels of {}", guild));
}

net::task<base::result<std::optional<panel>>> panel_store::edit(discord::guild_id guild, std::uint64_t number,
                                                                discord::interaction_id by,
                                                                edit_function apply) {
  const auto change =
      [by, apply = std::move(apply)](const std::optional<store::record>& now) -> std::optional<record_edit> {
    std::optional<panel> there = read(now);
    if (!there || !there->note(by) || !apply(*there)) return std::nullopt;
    return record_edit{.value = stored(*there), .sort = sort_of(*there)};
  };
  const auto row = co_await edit_record(records_, key_of(guild, number), change);
  if (!row) co_return std::unexpected(row.error());
  co_return read(*row);
}

net::task<base::result<std::optional<panel>>> panel_store::erase(discord::guild_id guild,
                                                                 std::uint64_t number) {
  auto was = std::make_shared<std::optional<panel>>();
  const auto change = [was](const std::optional<store::record>& now) -> std::optional<record_edit> {
    *was = read(now);
    return record_edit{};
  };
  const auto row = co_await edit_record(records_, key_of(guild, number), change);
  if (!row) co_return std::unexpected(row.error());
  co_return *was;
}

}  // namespace guildfleet::features
