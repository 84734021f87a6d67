#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "store/sqlite/rollout_tables.hpp"
#include "store/stored_text.hpp"

namespace guildfleet::store {
namespace {

constexpr std::chrono::hours time_kept{90 * 24};

void forget_old_permissions(const sqlite_context& context, const std::string& bot) {
  SQLite::Statement forget(context.database,
                           "DELETE FROM identify_permission WHERE bot = ? AND max(granted_ms, until_ms) < ?");
  forget.bind(1, bot);
  forget.bind(2, stored_time(context.wall_now - time_kept));
  forget.exec();
}

}  // namespace

identify_permission_row write_identify_permission(const sqlite_context& context, const bot_name& bot,
                                                  const std::string& reason, const std::string& who,
                                                  std::chrono::milliseconds time) {
  const std::string name = stored_text(bot.value);
  identify_permission_row row{.reason = stored_text(reason, longest_reason),
                              .who = stored_text(who, longest_name),
                              .granted_ms = stored_time(context.wall_now),
                              .until_ms = stored_time(context.wall_now + time)};
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  SQLite::Statement write(context.database,
                          "INSERT INTO identify_permission(bot, reason, who, granted_ms, until_ms) "
                          "VALUES (?, ?, ?, ?, ?)");
  write.bind(1, name);
  write.bind(2, row.reason);
  write.bind(3, row.who);
  write.bind(4, row.granted_ms);
  write.bind(5, row.until_ms);
  write.exec();
  forget_old_permissions(context, name);
  transaction.commit();
  return row;
}

std::optional<identify_permission_row> read_identify_permission(const sqlite_context& context,
                                                                const bot_name& bot) {
  auto newest = read_identify_permissions(context.database, bot, 1);
  if (newest.empty() || newest.front().until_ms <= stored_time(context.wall_now)) return std::nullopt;
  return std::move(newest.front());
}

std::vector<identify_permission_row> read_identify_permissions(SQLite::Database& database,
                                                               const bot_name& bot, std::uint32_t limit) {
  SQLite::Statement query(database,
                          "SELECT reason, who, granted_ms, until_ms FROM identify_permission "
                          "WHERE bot = ? ORDER BY id DESC LIMIT ?");
  query.bind(1, stored_text(bot.value));
  query.bind(2, limit);
  std::vector<identify_permission_row> rows;
  while (query.executeStep()) {
    rows.push_back({.reason = query.getColumn(0).getString(),
                    .who = query.getColumn(1).getString(),
                    .granted_ms = query.getColumn(2).getInt64(),
                    .until_ms = query.getColumn(3).getInt64()});
  }
  return rows;
}

}  // namespace guildfleet::store
