// Parameters of a statement and rows of its result, free of the library that carries them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pqxx {
class result;
}

namespace guildfleet::store {

// $1, $2, ... in the order of the calls; the server takes the types from the statement.
class sql_params final {
 public:
  // What the server would refuse, NUL and bytes that are not UTF-8, becomes U+FFFD.
  sql_params& text(std::string_view value);
  sql_params& optional_text(const std::optional<std::string>& value);
  sql_params& integer(std::int64_t value);
  // Unsigned 64-bit numbers are kept bit for bit in signed ones.
  sql_params& stored(std::uint64_t value) { return integer(static_cast<std::int64_t>(value)); }
  sql_params& optional_integer(const std::optional<std::int64_t>& value);
  sql_params& bytes(std::string_view value);
  // Arrays.
  sql_params& integers(std::span<const std::int64_t> values);
  sql_params& texts(std::span<const std::string> values);
  sql_params& byte_strings(std::span<const std::string_view> values);

  [[nodiscard]] const std::vector<std::optional<std::string>>& values() const { return values_; }

 private:
  sql_params& add(std::optional<std::string> value);

  std::vector<std::optional<std::string>> values_;
};

// Cheap to copy. A column that cannot be read as the wanted type is a bug and throws.
class sql_rows final {
 public:
  explicit sql_rows(std::shared_ptr<const pqxx::result> result) : result_(std::move(result)) {}

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t affected() const;  // by INSERT, UPDATE, DELETE
  [[nodiscard]] bool null(std::size_t row, int column) const;
  [[nodiscard]] std::string text(std::size_t row, int column) const;
  [[nodiscard]] std::optional<std::string> optional_text(std::size_t row, int column) const;
  [[nodiscard]] std::int64_t integer(std::size_t row, int column) const;
  [[nodiscard]] std::uint64_t stored(std::size_t row, int column) const {
    return static_cast<std::uint64_t>(integer(row, column));
  }
  [[nodiscard]] std::uint32_t small(std::size_t row, int column) const {
    return static_cast<std::uint32_t>(integer(row, column));
  }
  [[nodiscard]] std::string bytes(std::size_t row, int column) const;

 private:
  [[nodiscard]] std::string_view view(std::size_t row, int column) const;

  std::shared_ptr<const pqxx::result> result_;
};

}  // namespace guildfleet::store
