#include "settings/row_cache.hpp"

#include <utility>

namespace guildfleet::settings {
namespace {

constexpr std::size_t entry_overhead = 400;  // nodes of the map and the list, strings' own memory

std::size_t bytes_of(const store::settings_row& row) {
  return entry_overhead + (row.document ? row.document->size() : 0);
}

}  // namespace

const store::settings_row* row_cache::fresh(const store::settings_key& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  entry& item = found->second;
  touch(item);
  return item.checked && item.row.version >= item.at_least ? &item.row : nullptr;
}

const store::settings_row* row_cache::any(const store::settings_key& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second.row;
}

void row_cache::put(store::settings_row row, moment began) {
  // A note of a row that was not here yet is remembered nowhere else: this row may be the one before it.
  const bool heard_since = began.notes != notes_ && !entries_.contains(row.key);
  store_row(std::move(row), began.gaps == gaps_ && !heard_since);
}

void row_cache::put_written(store::settings_row row) {
  store_row(std::move(row), true);
}

void row_cache::store_row(store::settings_row row, bool checked) {
  const auto [found, is_new] = entries_.try_emplace(row.key);
  entry& item = found->second;
  if (is_new) {
    by_use_.push_front(row.key);
    item.use = by_use_.begin();
  } else {
    touch(item);
    if (row.version < item.row.version) return;
    bytes_ -= bytes_of(item.row);
  }
  item.at_least = std::max(item.at_least, row.version);
  item.checked = checked;
  item.row = std::move(row);
  bytes_ += bytes_of(item.row);
  shrink();
}

void row_cache::note(const store::settings_key& key, std::uint64_t version) {
  ++notes_;
  const auto found = entries_.find(key);
  if (found != entries_.end()) found->second.at_least = std::max(found->second.at_least, version);
}

void row_cache::note_gap() {
  ++gaps_;
  for (auto& [key, item] : entries_) item.checked = false;
}

std::uint64_t row_cache::at_least(const store::settings_key& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? 0 : found->second.at_least;
}

void row_cache::touch(entry& item) {
  by_use_.splice(by_use_.begin(), by_use_, item.use);
}

void row_cache::shrink() {
  while (bytes_ > max_bytes_ && entries_.size() > 1) {
    const auto oldest = entries_.find(by_use_.back());
    bytes_ -= bytes_of(oldest->second.row);
    entries_.erase(oldest);
    by_use_.pop_back();
  }
}

}  // namespace guildfleet::settings
