#include <SQLiteCpp/Statement.h>
#include <algorithm>

#include "store/error.hpp"
#include "store/sqlite/data_tables.hpp"

namespace guildfleet::store {
namespace {

using token_hash = std::array<std::uint8_t, 32>;

token_row token_at(SQLite::Statement& query) {
  token_row token{.name = query.getColumn(0).getString(),
                  .hash = {},
                  .scopes = static_cast<std::uint8_t>(query.getColumn(2).getInt()),
                  .created_at = time_at(query, 3),
                  .expires_at = {}};
  const std::string hash = query.getColumn(1).getString();
  std::copy_n(hash.begin(), std::min(hash.size(), token.hash.size()), token.hash.begin());
  if (!query.isColumnNull(4)) token.expires_at = time_at(query, 4);
  return token;
}

}  // namespace

base::result<void> insert_token(const sqlite_context& context, const token_row& token) {
  SQLite::Statement add(context.database,
                        "INSERT INTO api_token(name, hash, scopes, created_ms, expires_ms) "
                        "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  add.bind(1, token.name);
  add.bind(2, token.hash.data(), static_cast<int>(token.hash.size()));
  add.bind(3, int{token.scopes});
  add.bind(4, stored_time(token.created_at));
  if (token.expires_at) add.bind(5, stored_time(*token.expires_at));
  if (add.exec() != 0) return {};
  return base::fail(store_error::already_exists, "token " + token.name,
                    "Choose another name, or revoke the old token first.");
}

std::optional<token_row> find_token_row(const sqlite_context& context, const token_hash& hash) {
  SQLite::Statement query(context.database,
                          "SELECT name, hash, scopes, created_ms, expires_ms FROM api_token WHERE hash = ? "
                          "AND (expires_ms IS NULL OR expires_ms > ?)");
  query.bind(1, hash.data(), static_cast<int>(hash.size()));
  query.bind(2, stored_time(context.wall_now));
  if (!query.executeStep()) return std::nullopt;
  return token_at(query);
}

std::vector<token_row> read_tokens(const sqlite_context& context) {
  SQLite::Statement query(context.database,
                          "SELECT name, hash, scopes, created_ms, expires_ms FROM api_token ORDER BY name");
  std::vector<token_row> tokens;
  while (query.executeStep()) tokens.push_back(token_at(query));
  return tokens;
}

bool delete_token(const sqlite_context& context, const std::string& name) {
  SQLite::Statement revoke(context.database, "DELETE FROM api_token WHERE name = ?");
  revoke.bind(1, name);
  return revoke.exec() != 0;
}

}  // namespace guildfleet::store
