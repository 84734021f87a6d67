#include "store/record_rows.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace guildfleet::store {
namespace {

bool is_plain(std::string_view text, std::size_t limit) {
  return !text.empty() && text.size() <= limit &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

std::int64_t stored(discord::guild_id guild) {
  return static_cast<std::int64_t>(guild.value);
}

}  // namespace

std::optional<std::string> broken_limit(const record_key& key) {
  if (!is_plain(key.kind, max_record_kind))
    return fmt::format("a record's kind of {} bytes: it has 1 to {}, printable ASCII", key.kind.size(),
                       max_record_kind);
  if (!is_plain(key.key, max_record_key))
    return fmt::format("{}: a record's key of {} bytes: it has 1 to {}, printable ASCII", key.kind,
                       key.key.size(), max_record_key);
  return std::nullopt;
}

std::optional<std::string> broken_limit(const std::vector<record_change>& changes) {
  if (changes.size() > max_record_changes)
    return fmt::format("{} changes of records at once: at most {}", changes.size(), max_record_changes);
  std::set<record_key> seen;
  for (const record_change& each : changes) {
    if (auto broken = broken_limit(each.key)) return broken;
    if (each.value && each.value->size() > max_record_value)
      return fmt::format("record {} {}: {} bytes, at most {}", each.key.kind, each.key.key,
                         each.value->size(), max_record_value);
    if (!seen.insert(each.key).second)
      return fmt::format("record {} {}: named by two changes at once", each.key.kind, each.key.key);
  }
  return std::nullopt;
}

key_range keys_with(std::string_view prefix) {
  key_range range{std::string(prefix), std::string(prefix)};
  if (!range.end.empty()) ++range.end.back();  // of printable ASCII: it stays ASCII
  return range;
}

std::vector<std::int64_t> guilds_left(const record_query& query) {
  std::vector<std::int64_t> ids;
  for (const discord::guild_id guild : query.guilds) {
    const bool descending = query.order == record_order::by_sort_descending;
    const bool passed = query.after && (descending ? stored(guild) > stored(query.after->guild)
                                                   : stored(guild) < stored(query.after->guild));
    if (!passed) ids.push_back(stored(guild));
  }
  return ids;
}

record_page page_of(std::vector<record> records, const record_query& query) {
  record_page page{.records = std::move(records), .next = {}};
  if (page.records.size() <= query.limit) return page;
  page.records.resize(query.limit);
  if (page.records.empty()) return page;
  const record& last = page.records.back();
  page.next = record_cursor{last.key.guild, last.sort.value_or(0), last.key.key};
  return page;
}

}  // namespace guildfleet::store
