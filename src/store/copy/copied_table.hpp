// Which rows go along when a bot's data moves to another store, as docs/data-model.md tells.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/data_rows.hpp"

namespace guildfleet::store {

enum class dialect { sqlite, postgres };

enum class column_type { integer, text, bytes };
enum class column_role {
  key,    // tells a row from others, in both stores
  value,  // the rest of it
  order   // of the source alone: in which order rows are read
};

struct copied_column {
  std::string_view name;
  column_type type = column_type::text;
  column_role role = column_role::value;
};

// A column that the target fills by itself.
struct filled_column {
  std::string_view name;
  std::string_view sql;
};

// Columns stand in the same order in both dialects, so that rows of one can be written to the other.
struct copied_table {
  std::string_view name;
  std::vector<copied_column> columns;
  std::vector<filled_column> filled{};
  bool numbered = false;  // takes the next number of change_counter as its `change`
  bool of_fleet = false;  // rows of no bot are of every bot, and go along with each

  [[nodiscard]] bool has(std::string_view column) const;
};

[[nodiscard]] std::vector<copied_table> copied_tables(dialect of);

using cell = std::variant<std::monostate, std::int64_t, std::string>;
using table_row = std::vector<cell>;

// Of which bot and environment. Tables without these columns are copied as a whole.
struct copy_scope {
  bot_name bot;
  environment_name environment;
};

}  // namespace guildfleet::store
