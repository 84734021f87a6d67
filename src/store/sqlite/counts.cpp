#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "store/sqlite/data_tables.hpp"

namespace guildfleet::store {
namespace {

constexpr std::chrono::hours counted_time{24 * 30};

SQLite::Statement of_environment(const sqlite_context& context, const char* sql,
                                 const environment_name& environment) {
  SQLite::Statement query(context.database, sql);
  query.bind(1, environment.value);
  return query;
}

void count_guilds(const sqlite_context& context, const environment_name& environment, fleet_counts& counts) {
  auto guilds = of_environment(
      context, "SELECT bot, count(*) FROM bot_guild WHERE environment = ? GROUP BY bot ORDER BY bot",
      environment);
  while (guilds.executeStep())
    counts.guilds.push_back({.bot = {guilds.getColumn(0).getString()}, .guilds = unsigned_at(guilds, 1)});
  auto overlaps = of_environment(
      context,
      "SELECT one.bot, other.bot, count(*) FROM bot_guild AS one JOIN bot_guild AS other ON "
      "other.environment = one.environment AND other.guild_id = one.guild_id AND one.bot < other.bot "
      "WHERE one.environment = ? GROUP BY 1, 2 ORDER BY 1, 2",
      environment);
  while (overlaps.executeStep())
    counts.overlaps.push_back({.first = {overlaps.getColumn(0).getString()},
                               .second = {overlaps.getColumn(1).getString()},
                               .guilds = unsigned_at(overlaps, 2)});
}

void sum_uses(const sqlite_context& context, const environment_name& environment, fleet_counts& counts) {
  auto uses = of_environment(context,
                             "SELECT bot, feature, sum(uses) FROM feature_use WHERE environment = ? AND "
                             "day > date(? / 1000, 'unixepoch') GROUP BY 1, 2 ORDER BY 1, 2",
                             environment);
  uses.bind(2, stored_time(context.wall_now - counted_time));
  while (uses.executeStep())
    counts.uses.push_back({.bot = {uses.getColumn(0).getString()},
                           .feature = uses.getColumn(1).getString(),
                           .uses = unsigned_at(uses, 2)});
}

void count_changes(const sqlite_context& context, const environment_name& environment, fleet_counts& counts) {
  auto days = of_environment(context,
                             "SELECT date(at_ms / 1000, 'unixepoch') AS day, count(*) FROM settings_audit "
                             "WHERE environment = ? AND at_ms > ? GROUP BY day ORDER BY day",
                             environment);
  days.bind(2, stored_time(context.wall_now - counted_time));
  while (days.executeStep())
    counts.changes.push_back({.date = days.getColumn(0).getString(), .changes = unsigned_at(days, 1)});
}

}  // namespace

void count_uses(const sqlite_context& context, const environment_name& environment,
                std::span<const feature_use> uses) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  SQLite::Statement add(context.database,
                        "INSERT INTO feature_use(environment, bot, feature, day, uses) "
                        "VALUES (?, ?, ?, date(? / 1000, 'unixepoch'), ?) "
                        "ON CONFLICT DO UPDATE SET uses = uses + excluded.uses");
  for (const feature_use& use : uses) {
    add.reset();
    add.bind(1, environment.value);
    add.bind(2, use.bot.value);
    add.bind(3, use.feature);
    add.bind(4, stored_time(context.wall_now));
    add.bind(5, as_stored(use.uses));
    add.exec();
  }
  transaction.commit();
}

fleet_counts count_all(const sqlite_context& context, const environment_name& environment) {
  const SQLite::Transaction one_moment(context.database);
  fleet_counts counts;
  count_guilds(context, environment, counts);
  sum_uses(context, environment, counts);
  counts.jobs = count_jobs(context, environment);
  count_changes(context, environment, counts);
  return counts;
}

}  // namespace guildfleet::store
