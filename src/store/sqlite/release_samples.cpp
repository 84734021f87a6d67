#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "store/sqlite/rollout_tables.hpp"
#include "store/stored_text.hpp"

namespace guildfleet::store {
namespace {

constexpr std::chrono::hours time_kept{1};
// Old ones are deleted together, not one with each that is written.
constexpr std::chrono::minutes overdue{5};

void forget_old_samples(const sqlite_context& context) {
  SQLite::Statement forget(context.database,
                           "DELETE FROM release_sample WHERE at_ms < ? AND EXISTS "
                           "(SELECT 1 FROM release_sample WHERE at_ms < ?)");
  forget.bind(1, stored_time(context.wall_now - time_kept));
  forget.bind(2, stored_time(context.wall_now - time_kept - overdue));
  forget.exec();
}

}  // namespace

base::result<void> write_release_sample(const sqlite_context& context, const release_sample& sample) {
  if (auto fits = check_size("figures of a sample", sample.figures, largest_sample); !fits) return fits;
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  SQLite::Statement write(context.database,
                          "INSERT INTO release_sample(bot, node, incarnation, release, at_ms, figures) "
                          "VALUES (?, ?, ?, ?, ?, ?)");
  write.bind(1, stored_text(sample.bot.value));
  write.bind(2, stored_text(sample.node.name));
  write.bind(3, as_stored(sample.node.incarnation));
  write.bind(4, stored_text(sample.release));
  write.bind(5, stored_time(context.wall_now));
  write.bind(6, stored_text(sample.figures));
  write.exec();
  forget_old_samples(context);
  transaction.commit();
  return {};
}

std::vector<release_sample> read_release_samples(const sqlite_context& context, const bot_name& bot,
                                                 std::chrono::milliseconds since) {
  SQLite::Statement query(context.database,
                          "SELECT bot, node, incarnation, release, at_ms, figures FROM release_sample "
                          "WHERE bot = ? AND at_ms >= ? ORDER BY at_ms, id");
  query.bind(1, stored_text(bot.value));
  query.bind(2, stored_time(context.wall_now) - std::int64_t{since.count()});
  std::vector<release_sample> samples;
  while (query.executeStep()) {
    samples.push_back({.bot = {query.getColumn(0).getString()},
                       .node = {.name = query.getColumn(1).getString(), .incarnation = unsigned_at(query, 2)},
                       .release = query.getColumn(3).getString(),
                       .at_ms = query.getColumn(4).getInt64(),
                       .figures = query.getColumn(5).getString()});
  }
  return samples;
}

}  // namespace guildfleet::store
