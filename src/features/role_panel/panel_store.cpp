#include "features/role_panel/panel_store.hpp"

#include "features/origins.hpp"
#include "store/error.hpp"

namespace guildfleet::features {
namespace {

constexpr const char* record_kind = "panel";

store::record_key key_of(discord::guild_id guild, std::uint64_t number) {
  return {guild, record_kind, fmt::format("{}", number)};
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

net::task<base::result<std::optional<panel>>> panel_store::create(discord::guild_id guild, panel draft,
                                                                  discord::interaction_id by) {
  const auto before = co_await number_made_by(records_, guild, by);
  if (!before) co_return std::unexpected(before.error());
  if (*before) {
    draft.number = **before;
    co_return draft;
  }
  const auto there = co_await all(guild);
  if (!there) co_return std::unexpected(there.error());
  if (there->size() >= most_panels) co_return std::nullopt;
  const auto number = co_await records_.next_number(guild, record_kind);
  if (!number) co_return std::unexpected(number.error());
  draft.number = *number;
  std::vector<store::record_change> changes;
  changes.push_back({.key = key_of(guild, draft.number), .value = stored(draft), .sort = sort_of(draft)});
  changes.push_back(made_by(guild, by, draft.number));
  const auto written = co_await records_.change(std::move(changes));
  if (!written) co_return std::unexpected(written.error());
  if (std::holds_alternative<store::record_conflict>(*written))
    co_return base::fail(store::store_error::busy, fmt::format("panel {}", draft.number));
  co_return draft;
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
