#include <algorithm>

#include "store/error.hpp"
#include "store/postgres/data_tables.hpp"

namespace guildfleet::store {
namespace {

using token_hash = std::array<std::uint8_t, 32>;

std::string bytes_of(const token_hash& hash) {
  return {hash.begin(), hash.end()};
}

token_row token_at(const sql_rows& rows, std::size_t row) {
  token_row token{.name = rows.text(row, 0),
                  .scopes = static_cast<std::uint8_t>(rows.integer(row, 2)),
                  .created_at = wall_time_of(rows.integer(row, 3)),
                  .expires_at = {}};
  const std::string hash = rows.bytes(row, 1);
  std::copy_n(hash.begin(), std::min(hash.size(), token.hash.size()), token.hash.begin());
  if (!rows.null(row, 4)) token.expires_at = wall_time_of(rows.integer(row, 4));
  return token;
}

}  // namespace

base::result<void> insert_token(sql_transaction& in, const token_row& token) {
  const auto expires =
      token.expires_at ? std::optional(stored_time(*token.expires_at)) : std::optional<std::int64_t>();
  const auto added = in.exec(
      "INSERT INTO guildfleet.api_token(name, hash, scopes, created_ms, expires_ms) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
      sql_params()
          .text(token.name)
          .bytes(bytes_of(token.hash))
          .integer(token.scopes)
          .integer(stored_time(token.created_at))
          .optional_integer(expires));
  if (added.affected() != 0) return {};
  return base::fail(store_error::already_exists, "token " + token.name,
                    "Choose another name, or revoke the old token first.");
}

std::optional<token_row> find_token_row(sql_transaction& in, const token_hash& hash) {
  const auto rows = in.exec(
      "SELECT name, hash, scopes, created_ms, expires_ms FROM guildfleet.api_token WHERE hash = $1 AND "
      "(expires_ms IS NULL OR expires_ms > guildfleet.store_ms())",
      sql_params().bytes(bytes_of(hash)));
  if (rows.empty()) return std::nullopt;
  return token_at(rows, 0);
}

std::vector<token_row> read_tokens(sql_transaction& in) {
  const auto rows = in.exec(
      "SELECT name, hash, scopes, created_ms, expires_ms FROM guildfleet.api_token ORDER BY name COLLATE "
      "\"C\"");
  std::vector<token_row> tokens;
  for (std::size_t row = 0; row < rows.size(); ++row) tokens.push_back(token_at(rows, row));
  return tokens;
}

bool delete_token(sql_transaction& in, const std::string& name) {
  return in.exec("DELETE FROM guildfleet.api_token WHERE name = $1", sql_params().text(name)).affected() != 0;
}

}  // namespace guildfleet::store
