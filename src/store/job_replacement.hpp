// What scheduling does to a job that is there already, as both databases are told. No I/O.
#pragma once

#include <string_view>

#include "store/data_rows.hpp"

namespace guildfleet::store {

// A further condition on the row, from AND on, beside that nobody has leased it; empty: none.
[[nodiscard]] constexpr std::string_view replaced_by(schedule_mode mode) {
  switch (mode) {
    case schedule_mode::keep:
      return " AND state = 'dead'";
    case schedule_mode::replace_unbegun:
      return " AND (state = 'dead' OR first_begun_ms IS NULL)";
    case schedule_mode::replace:
      break;
  }
  return "";
}

}  // namespace guildfleet::store
