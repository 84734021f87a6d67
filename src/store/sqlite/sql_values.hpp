// Values to and from columns.
#pragma once

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace guildfleet::store {

// Unsigned 64-bit numbers, bit for bit.
[[nodiscard]] inline std::int64_t as_stored(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
[[nodiscard]] inline std::uint64_t from_stored(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

[[nodiscard]] inline std::int64_t stored_time(base::wall_time time) {
  return time.time_since_epoch().count();
}
[[nodiscard]] inline base::wall_time wall_time_of(std::int64_t ms) {
  return base::wall_time(std::chrono::milliseconds(ms));
}

[[nodiscard]] inline std::uint64_t unsigned_at(SQLite::Statement& query, int column) {
  return from_stored(query.getColumn(column).getInt64());
}
[[nodiscard]] inline base::wall_time time_at(SQLite::Statement& query, int column) {
  return wall_time_of(query.getColumn(column).getInt64());
}
[[nodiscard]] inline std::optional<std::string> optional_text_at(SQLite::Statement& query, int column) {
  if (query.isColumnNull(column)) return std::nullopt;
  return query.getColumn(column).getString();
}

inline void bind_optional(SQLite::Statement& statement, int index, const std::optional<std::string>& text) {
  if (text) {
    statement.bind(index, *text);
  } else {
    statement.bind(index);
  }
}
// `bytes` must outlive the statement's run.
inline void bind_bytes(SQLite::Statement& statement, int index, std::string_view bytes) {
  statement.bindNoCopy(index, bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace guildfleet::store
