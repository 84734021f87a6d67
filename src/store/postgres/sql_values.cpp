#include "store/postgres/sql_values.hpp"

#include <charconv>
#include <fmt/format.h>
#include <pqxx/result>
#include <pqxx/row>
#include <stdexcept>

#include "store/stored_text.hpp"

namespace guildfleet::store {
namespace {

std::string as_hex(std::string_view bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\\x";
  out.reserve(2 + bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

unsigned digit(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
}

template <class Values, class F>
std::string array_of(const Values& values, F write) {
  std::string out = "{";
  for (const auto& value : values) {
    if (out.size() > 1) out += ',';
    out += write(value);
  }
  return out + "}";
}

std::string quoted_element(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

sql_params& sql_params::add(std::optional<std::string> value) {
  values_.push_back(std::move(value));
  return *this;
}

sql_params& sql_params::text(std::string_view value) {
  return add(stored_text(value));
}

sql_params& sql_params::optional_text(const std::optional<std::string>& value) {
  return value ? text(*value) : add(std::nullopt);
}

sql_params& sql_params::integer(std::int64_t value) {
  return add(fmt::format("{}", value));
}

sql_params& sql_params::optional_integer(const std::optional<std::int64_t>& value) {
  return value ? integer(*value) : add(std::nullopt);
}

sql_params& sql_params::bytes(std::string_view value) {
  return add(as_hex(value));
}

sql_params& sql_params::integers(std::span<const std::int64_t> values) {
  return add(array_of(values, [](std::int64_t value) { return fmt::format("{}", value); }));
}

sql_params& sql_params::texts(std::span<const std::string> values) {
  return add(array_of(values, [](const std::string& value) { return quoted_element(stored_text(value)); }));
}

sql_params& sql_params::byte_strings(std::span<const std::string_view> values) {
  return add(array_of(values, [](std::string_view value) { return quoted_element(as_hex(value)); }));
}

std::size_t sql_rows::size() const {
  return static_cast<std::size_t>(result_->size());
}

std::size_t sql_rows::affected() const {
  return static_cast<std::size_t>(result_->affected_rows());
}

std::string_view sql_rows::view(std::size_t row, int column) const {
  const auto field = result_->at(static_cast<pqxx::result::size_type>(row)).at(column);
  return {field.c_str(), field.size()};
}

bool sql_rows::null(std::size_t row, int column) const {
  return result_->at(static_cast<pqxx::result::size_type>(row)).at(column).is_null();
}

std::string sql_rows::text(std::size_t row, int column) const {
  return std::string(view(row, column));
}

std::optional<std::string> sql_rows::optional_text(std::size_t row, int column) const {
  return null(row, column) ? std::nullopt : std::optional(text(row, column));
}

std::int64_t sql_rows::integer(std::size_t row, int column) const {
  const std::string_view digits = view(row, column);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size())
    throw std::logic_error(fmt::format("column {} is not an integer", column));
  return value;
}

std::string sql_rows::bytes(std::size_t row, int column) const {
  const std::string_view hex = view(row, column);
  if (!hex.starts_with("\\x")) throw std::logic_error(fmt::format("column {} is not bytea", column));
  std::string out;
  out.reserve(hex.size() / 2);
  for (std::size_t at = 2; at + 1 < hex.size(); at += 2)
    out += static_cast<char>((digit(hex[at]) << 4U) | digit(hex[at + 1]));
  return out;
}

}  // namespace guildfleet::store
