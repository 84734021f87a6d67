// The statements of a table side; the dialects differ in names of tables and in placeholders alone.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/copy/copied_table.hpp"

namespace guildfleet::store {

struct statement {
  std::string sql;
  std::vector<cell> values;  // of its placeholders, in order
  std::vector<column_type> types;
};

class table_sql final {
 public:
  explicit table_sql(dialect of) : of_(of) {}

  [[nodiscard]] statement count(const copied_table& table, const copy_scope& scope) const;
  [[nodiscard]] statement page(const copied_table& table, const copy_scope& scope, const table_row* after,
                               std::size_t limit) const;
  [[nodiscard]] statement find(const copied_table& table, const table_row& like) const;
  // What a write of one row consists of, in order.
  [[nodiscard]] std::vector<statement> write(const copied_table& table, const table_row& row) const;

 private:
  [[nodiscard]] std::string name_of(std::string_view table) const;
  [[nodiscard]] std::string placeholder(statement& in, cell value, column_type type) const;
  [[nodiscard]] std::string scope_of(statement& in, const copied_table& table, const copy_scope& scope) const;
  [[nodiscard]] std::string keys_equal(statement& in, const copied_table& table, const table_row& row) const;

  dialect of_;
};

}  // namespace guildfleet::store
