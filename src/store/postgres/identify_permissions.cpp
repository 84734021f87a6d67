#include "store/postgres/rollout_tables.hpp"
#include "store/stored_text.hpp"

namespace guildfleet::store {
namespace {

constexpr const char* write_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now),
forgotten AS (
  DELETE FROM guildfleet.identify_permission
  WHERE bot = $1 AND greatest(granted_ms, until_ms) < (SELECT now FROM clock) - $5::bigint)
INSERT INTO guildfleet.identify_permission(bot, reason, who, granted_ms, until_ms)
SELECT $1, $2, $3, clock.now, clock.now + $4::bigint FROM clock
RETURNING reason, who, granted_ms, until_ms
)sql";

constexpr std::int64_t kept_ms = 90LL * 24 * 60 * 60 * 1'000;

identify_permission_row permission_at(const sql_rows& rows, std::size_t row) {
  return {.reason = rows.text(row, 0),
          .who = rows.text(row, 1),
          .granted_ms = rows.integer(row, 2),
          .until_ms = rows.integer(row, 3)};
}

}  // namespace

identify_permission_row write_identify_permission(sql_transaction& transaction, const bot_name& bot,
                                                  const std::string& reason, const std::string& who,
                                                  std::chrono::milliseconds time) {
  return permission_at(transaction.exec(write_sql, sql_params()
                                                       .text(bot.value)
                                                       .text(stored_text(reason, longest_reason))
                                                       .text(stored_text(who, longest_name))
                                                       .integer(time.count())
                                                       .integer(kept_ms)),
                       0);
}

std::optional<identify_permission_row> read_identify_permission(sql_transaction& transaction,
                                                                const bot_name& bot) {
  const auto rows = transaction.exec(
      "SELECT reason, who, granted_ms, until_ms FROM (SELECT * FROM guildfleet.identify_permission "
      "WHERE bot = $1 ORDER BY id DESC LIMIT 1) AS newest WHERE until_ms > guildfleet.store_ms()",
      sql_params().text(bot.value));
  if (rows.empty()) return std::nullopt;
  return permission_at(rows, 0);
}

std::vector<identify_permission_row> read_identify_permissions(sql_transaction& transaction,
                                                               const bot_name& bot, std::uint32_t limit) {
  const auto found = transaction.exec(
      "SELECT reason, who, granted_ms, until_ms FROM guildfleet.identify_permission "
      "WHERE bot = $1 ORDER BY id DESC LIMIT $2::bigint",
      sql_params().text(bot.value).integer(limit));
  std::vector<identify_permission_row> rows;
  rows.reserve(found.size());
  for (std::size_t row = 0; row < found.size(); ++row) rows.push_back(permission_at(found, row));
  return rows;
}

}  // namespace guildfleet::store
