// Settings rows in memory: bounded, never older than what it was told, stale ones kept for an outage. A
// decider.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>

#include "store/data_rows.hpp"

namespace guildfleet::settings {

// One thread.
class row_cache final {
 public:
  explicit row_cache(std::size_t max_bytes = 16U << 20U) : max_bytes_(max_bytes) {}

  // What counts as known before a read of the store begins; give it to put() with the row.
  struct moment {
    std::uint64_t notes = 0;
    std::uint64_t gaps = 0;
  };
  [[nodiscard]] moment now() const { return {notes_, gaps_}; }

  // The row when nothing newer is known of; nullptr: read the store. Valid until the next call that changes.
  [[nodiscard]] const store::settings_row* fresh(const store::settings_key& key);
  // The row however old; for reads while the store is away.
  [[nodiscard]] const store::settings_row* any(const store::settings_key& key) const;
  // A row from the store, read since `began`. An older version never replaces a newer one.
  void put(store::settings_row row, moment began);
  // A row that was just written.
  void put_written(store::settings_row row);
  // The store has, or had, this version.
  void note(const store::settings_key& key, std::uint64_t version);
  // Notes may have been missed: everything is to be read again.
  void note_gap();

  // The newest version that was heard of; 0: none.
  [[nodiscard]] std::uint64_t at_least(const store::settings_key& key) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct entry {
    store::settings_row row;
    std::uint64_t at_least = 0;
    bool checked = true;  // since the last gap
    std::list<store::settings_key>::iterator use;
  };
  using entries = std::map<store::settings_key, entry>;

  void store_row(store::settings_row row, bool checked);
  void touch(entry& item);
  void shrink();

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::uint64_t notes_ = 0;
  std::uint64_t gaps_ = 0;
  entries entries_;
  std::list<store::settings_key> by_use_;  // the front was used last
};

}  // namespace guildfleet::settings
