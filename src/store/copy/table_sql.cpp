#include "store/copy/table_sql.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace guildfleet::store {
namespace {

std::string in_quotes(std::string_view column) {
  return fmt::format("\"{}\"", column);
}

std::string_view cast_of(column_type type) {
  switch (type) {
    case column_type::integer:
      return "::bigint";
    case column_type::bytes:
      return "::bytea";
    case column_type::text:
      return "::text";
  }
  return "";
}

std::vector<std::size_t> places(const copied_table& table, column_role role) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].role == role) out.push_back(i);
  }
  return out;
}

// By what rows are read in order.
std::vector<std::size_t> order_of(const copied_table& table) {
  auto order = places(table, column_role::order);
  return order.empty() ? places(table, column_role::key) : order;
}

std::string all_columns(const copied_table& table) {
  std::vector<std::string> names;
  for (const copied_column& each : table.columns) names.push_back(in_quotes(each.name));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string table_sql::name_of(std::string_view table) const {
  return of_ == dialect::postgres ? fmt::format("guildfleet.{}", table) : std::string(table);
}

std::string table_sql::placeholder(statement& in, cell value, column_type type) const {
  in.values.push_back(std::move(value));
  in.types.push_back(type);
  return of_ == dialect::postgres ? fmt::format("${}{}", in.values.size(), cast_of(type))
                                  : fmt::format("?{}", in.values.size());
}

std::string table_sql::scope_of(statement& in, const copied_table& table, const copy_scope& scope) const {
  std::string where = "true";
  if (table.has("bot")) {
    const std::string bot = placeholder(in, scope.bot.value, column_type::text);
    where += table.of_fleet ? fmt::format(" AND bot IN ({}, '')", bot) : " AND bot = " + bot;
  }
  if (table.has("environment"))
    where += " AND environment = " + placeholder(in, scope.environment.value, column_type::text);
  return where;
}

statement table_sql::count(const copied_table& table, const copy_scope& scope) const {
  statement out;
  out.sql = fmt::format("SELECT count(*) FROM {} WHERE ", name_of(table.name));
  out.sql += scope_of(out, table, scope);
  return out;
}

statement table_sql::page(const copied_table& table, const copy_scope& scope, const table_row* after,
                          std::size_t limit) const {
  statement out;
  std::vector<std::string> order;
  for (const std::size_t place : order_of(table)) order.push_back(in_quotes(table.columns[place].name));
  out.sql = fmt::format("SELECT {} FROM {} WHERE ", all_columns(table), name_of(table.name));
  out.sql += scope_of(out, table, scope);
  if (after != nullptr) {
    std::vector<std::string> last;
    for (const std::size_t place : order_of(table))
      last.push_back(placeholder(out, (*after)[place], table.columns[place].type));
    out.sql += fmt::format(" AND ({}) > ({})", fmt::join(order, ", "), fmt::join(last, ", "));
  }
  out.sql += fmt::format(" ORDER BY {} LIMIT {}", fmt::join(order, ", "), limit);
  return out;
}

std::string table_sql::keys_equal(statement& in, const copied_table& table, const table_row& row) const {
  std::vector<std::string> equal;
  for (const std::size_t place : places(table, column_role::key)) {
    const copied_column& column = table.columns[place];
    equal.push_back(fmt::format("{} = {}", in_quotes(column.name), placeholder(in, row[place], column.type)));
  }
  return fmt::format("{}", fmt::join(equal, " AND "));
}

statement table_sql::find(const copied_table& table, const table_row& like) const {
  statement out;
  out.sql = fmt::format("SELECT {} FROM {} WHERE ", all_columns(table), name_of(table.name));
  out.sql += keys_equal(out, table, like);
  return out;
}

std::vector<statement> table_sql::write(const copied_table& table, const table_row& row) const {
  std::vector<statement> out(1);
  out[0].sql = fmt::format("DELETE FROM {} WHERE ", name_of(table.name));
  out[0].sql += keys_equal(out[0], table, row);
  statement insert;
  std::vector<std::string> names;
  std::vector<std::string> values;
  for (std::size_t place = 0; place < table.columns.size(); ++place) {
    const copied_column& column = table.columns[place];
    if (column.role == column_role::order) continue;
    names.push_back(in_quotes(column.name));
    values.push_back(placeholder(insert, row[place], column.type));
  }
  for (const filled_column& each : table.filled) {
    names.push_back(in_quotes(each.name));
    values.emplace_back(each.sql);
  }
  if (table.numbered) {
    const cell& environment = row[0];
    statement& next = out.emplace_back();
    next.sql = fmt::format(
        "INSERT INTO {0}(environment, value) VALUES ({1}, 1) ON CONFLICT (environment) "
        "DO UPDATE SET value = {2}.value + 1",
        name_of("change_counter"), placeholder(next, environment, column_type::text), "change_counter");
    names.emplace_back("change");
    values.push_back(fmt::format("(SELECT value FROM {} WHERE environment = {})", name_of("change_counter"),
                                 placeholder(insert, environment, column_type::text)));
  }
  insert.sql = fmt::format("INSERT INTO {}({}) VALUES ({})", name_of(table.name), fmt::join(names, ", "),
                           fmt::join(values, ", "));
  out.push_back(std::move(insert));
  return out;
}

}  // namespace guildfleet::store
