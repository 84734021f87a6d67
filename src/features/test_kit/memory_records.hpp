// Records in memory, for unit tests of what a feature keeps and of what it does when it cannot.
#pragma once

#include <algorithm>
#include <map>

#include "features/records.hpp"
#include "store/error.hpp"

namespace guildfleet::features::test_kit {

class memory_records final : public record_port {
 public:
  int failures = 0;  // so many calls fail from now on

  net::task<base::result<store::record_outcome>> change(std::vector<store::record_change> changes) override {
    if (fails()) co_return base::fail(store::store_error::unreachable, "memory");
    for (std::size_t at = 0; at < changes.size(); ++at) {
      const auto found = rows_.find(changes[at].key);
      if ((found == rows_.end() ? 0 : found->second.version) != changes[at].expected_version)
        co_return store::record_conflict{
            at, found == rows_.end() ? std::nullopt : std::optional<store::record>(found->second)};
    }
    std::vector<store::record> out;
    for (store::record_change& each : changes) {
      store::record row;
      row.key = each.key;
      row.value = each.value.value_or("");
      if (each.value) row.version = ++last_version_;
      each.value ? (void)rows_.insert_or_assign(each.key, row) : (void)rows_.erase(each.key);
      out.push_back(std::move(row));
    }
    co_return out;
  }
  net::task<base::result<std::optional<store::record>>> get(store::record_key key) override {
    if (fails()) co_return base::fail(store::store_error::unreachable, "memory");
    const auto found = rows_.find(key);
    if (found == rows_.end()) co_return std::nullopt;
    co_return found->second;
  }
  net::task<base::result<store::record_page>> list(store::record_query query) override {
    if (fails()) co_return base::fail(store::store_error::unreachable, "memory");
    store::record_page page;
    for (const auto& [key, row] : rows_) {
      if (key.kind == query.kind && std::ranges::find(query.guilds, key.guild) != query.guilds.end())
        page.records.push_back(row);
    }
    co_return page;
  }
  net::task<base::result<std::uint64_t>> next_number(discord::guild_id /*guild*/,
                                                     std::string /*counter*/) override {
    co_return ++last_version_;
  }

 private:
  [[nodiscard]] bool fails() { return failures > 0 && failures-- > 0; }

  std::map<store::record_key, store::record> rows_;
  std::uint64_t last_version_ = 0;
};

}  // namespace guildfleet::features::test_kit
