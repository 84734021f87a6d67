// Records in memory, as the store keeps them, for tests of what happens between two changes and of what a
// feature does when it can keep nothing.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

#include "features/records.hpp"
#include "store/error.hpp"

namespace guildfleet::features::test_kit {

class kept_records final : public record_port {
 public:
  net::task<base::result<store::record_outcome>> change(std::vector<store::record_change> wanted) override {
    if (auto other = std::exchange(before_change, nullptr)) other();
    if (fails()) co_return away();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      auto there = find(wanted[i].key);
      if ((there ? there->version : 0) != wanted[i].expected_version)
        co_return store::record_outcome(store::record_conflict{i, std::move(there)});
    }
    ++changes;
    std::vector<store::record> out;
    for (store::record_change& each : wanted) {
      store::record now;
      now.key = each.key;
      if (each.value) {
        now.value = std::move(*each.value);
        now.version = ++versions_;
        now.sort = each.sort;
        rows[each.key] = now;
      } else {
        rows.erase(each.key);
      }
      out.push_back(std::move(now));
    }
    co_return store::record_outcome(std::move(out));
  }
  net::task<base::result<std::optional<store::record>>> get(store::record_key key) override {
    if (fails()) co_return away();
    co_return find(key);
  }
  // One page.
  net::task<base::result<store::record_page>> list(store::record_query query) override {
    if (fails()) co_return away();
    store::record_page out;
    for (const auto& [key, row] : rows) {
      const bool of_guild = std::ranges::find(query.guilds, key.guild) != query.guilds.end();
      const bool is_listed = query.order == store::record_order::by_key || row.sort;
      if (of_guild && is_listed && key.kind == query.kind && key.key.starts_with(query.key_prefix))
        out.records.push_back(row);
    }
    if (query.order == store::record_order::by_sort) std::ranges::sort(out.records, {}, &store::record::sort);
    if (query.order == store::record_order::by_sort_descending)
      std::ranges::sort(out.records, std::greater(), &store::record::sort);
    if (out.records.size() > query.limit) out.records.resize(query.limit);
    co_return out;
  }
  net::task<base::result<std::uint64_t>> next_number(discord::guild_id guild, std::string counter) override {
    co_return ++counters_[{guild, std::move(counter)}];
  }

  std::map<store::record_key, store::record> rows;
  std::function<void()> before_change{};  // happens once, before the next one
  std::size_t changes = 0;                // that were made
  int failures = 0;                       // so many calls fail from now on

 private:
  [[nodiscard]] bool fails() { return failures > 0 && failures-- > 0; }
  [[nodiscard]] static std::unexpected<base::error> away() {
    return base::fail(store::store_error::unreachable, "memory");
  }
  [[nodiscard]] std::optional<store::record> find(const store::record_key& key) const {
    const auto found = rows.find(key);
    return found == rows.end() ? std::nullopt : std::optional(found->second);
  }

  std::uint64_t versions_ = 0;
  std::map<std::pair<discord::guild_id, std::string>, std::uint64_t> counters_;
};

}  // namespace guildfleet::features::test_kit
