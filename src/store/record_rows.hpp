// Records: rows that features keep, beside settings and timers. Open tickets, temporary channels, counts of
// warnings: whatever must outlive a process and is not a person's choice.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/data_rows.hpp"

namespace guildfleet::store {

// Whose records: those of one space do not see those of another.
struct record_space {
  environment_name environment;
  bot_name bot;  // empty: of the fleet, for whichever bot acts for the feature
  std::string feature;
  bool operator==(const record_space&) const = default;
};

// Unique within its space. Kind and key are made of printable ASCII characters.
struct record_key {
  discord::guild_id guild;  // empty: of no guild
  std::string kind;         // tells the sorts of records of a feature apart; 1 to 50 bytes
  std::string key;          // 1 to 200 bytes
  auto operator<=>(const record_key&) const = default;
};
constexpr std::size_t max_record_kind = 50;
constexpr std::size_t max_record_key = 200;
constexpr std::size_t max_record_value = 64U << 10U;
constexpr std::size_t max_record_changes = 100;  // at once
constexpr std::uint32_t max_record_page = 1'000;

// `version` tells one state of a record from every other, also from those of a record of the same key that
// was deleted before; a change gives another one.
struct record {
  record_key key;
  std::string value;  // the feature's own bytes
  std::uint64_t version = 0;
  std::optional<std::int64_t> sort;
  base::wall_time created_at{};
  base::wall_time changed_at{};
  std::optional<base::wall_time> expires_at;
  bool operator==(const record&) const = default;
};

// Written only while the record has `expected_version`; 0: while there is none.
struct record_change {
  record_key key;
  std::uint64_t expected_version = 0;
  std::optional<std::string> value;    // nullopt: it is deleted
  std::optional<std::int64_t> sort{};  // for lists by sort; without it stands in none of them
  std::optional<std::chrono::milliseconds> keep_for{};  // then it is as if deleted; nullopt: for good
  bool operator==(const record_change&) const = default;
};

// Somebody was faster; nothing was written.
struct record_conflict {
  std::size_t at = 0;             // of the changes: the one that was not possible
  std::optional<record> current;  // what is there instead; nullopt: nothing
  bool operator==(const record_conflict&) const = default;
};

// The records as they are now, in the order of the changes; a deleted one has version 0.
using record_outcome = std::variant<std::vector<record>, record_conflict>;

// The first change that breaks a limit, or names a record that another one names; nullopt: none. For people.
[[nodiscard]] std::optional<std::string> broken_limit(const std::vector<record_change>& changes);
// The same of what names a record, or a counter; nullopt: it is one.
[[nodiscard]] std::optional<std::string> broken_limit(const record_key& key);

enum class record_order { by_key, by_sort, by_sort_descending };

// Where a page ended; the next one goes on behind it.
struct record_cursor {
  discord::guild_id guild;
  std::int64_t sort = 0;
  std::string key;
  bool operator==(const record_cursor&) const = default;
};

// Of one kind, guild by guild (in no particular order of guilds), each in the wanted order.
struct record_query {
  std::vector<discord::guild_id> guilds{};  // at most 1,000
  std::string kind{};
  std::string key_prefix{};  // only such keys
  record_order order = record_order::by_key;
  std::optional<record_cursor> after{};
  std::uint32_t limit = 100;  // at most max_record_page
};

struct record_page {
  std::vector<record> records;
  std::optional<record_cursor> next;  // nullopt: that was all
};

// A guild that has settings or records of a feature.
struct feature_of_guild {
  discord::guild_id guild;
  std::string feature;
  auto operator<=>(const feature_of_guild&) const = default;
};

// How the stores read a query: what a page holds of keys, as [from, end); an empty end: all behind.
struct key_range {
  std::string from;
  std::string end;
};
[[nodiscard]] key_range keys_with(std::string_view prefix);
// The guilds that are not behind the cursor, as stored ids.
[[nodiscard]] std::vector<std::int64_t> guilds_left(const record_query& query);
// One record more than wanted was read.
[[nodiscard]] record_page page_of(std::vector<record> records, const record_query& query);

}  // namespace guildfleet::store
