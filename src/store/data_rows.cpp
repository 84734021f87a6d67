#include "store/data_rows.hpp"

#include <utility>

namespace guildfleet::store {
namespace {

constexpr std::array origins{std::pair{change_origin::command, std::string_view("command")},
                             std::pair{change_origin::api, std::string_view("api")},
                             std::pair{change_origin::import, std::string_view("import")},
                             std::pair{change_origin::cli, std::string_view("cli")},
                             std::pair{change_origin::undo, std::string_view("undo")}};
constexpr std::array states{std::pair{job_state::waiting, std::string_view("waiting")},
                            std::pair{job_state::leased, std::string_view("leased")},
                            std::pair{job_state::dead, std::string_view("dead")}};
constexpr std::array scopes{std::pair{token_scope::read, std::string_view("read")},
                            std::pair{token_scope::config, std::string_view("config")},
                            std::pair{token_scope::admin, std::string_view("admin")}};

template <class Table, class Value>
std::string_view name_in(const Table& table, Value value) {
  for (const auto& [each, name] : table) {
    if (each == value) return name;
  }
  return "unknown";
}

template <class Value, class Table>
std::optional<Value> value_in(const Table& table, std::string_view wanted) {
  for (const auto& [each, name] : table) {
    if (name == wanted) return each;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(change_origin value) {
  return name_in(origins, value);
}

std::optional<change_origin> parse_change_origin(std::string_view name) {
  return value_in<change_origin>(origins, name);
}

std::string_view name_of(job_state value) {
  return name_in(states, value);
}

std::optional<job_state> parse_job_state(std::string_view name) {
  return value_in<job_state>(states, name);
}

std::string_view name_of(token_scope value) {
  return name_in(scopes, value);
}

std::optional<token_scope> parse_token_scope(std::string_view name) {
  return value_in<token_scope>(scopes, name);
}

}  // namespace guildfleet::store
