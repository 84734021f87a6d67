#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <algorithm>
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "store/job_replacement.hpp"
#include "store/sqlite/data_tables.hpp"

namespace guildfleet::store {
namespace {

using std::chrono::milliseconds;

void bind_key(SQLite::Statement& statement, const job_key& key) {
  statement.bind(1, key.environment.value);
  statement.bind(2, key.bot.value);
  statement.bind(3, key.key);
}

// ?1 environment, ?2 bot, ?3 shard count, ?4 shards: shard_of() in SQL, unsigned by the mask of 42 bits.
constexpr std::string_view in_scope =
    "environment = ?1 AND bot = ?2 AND (guild_id = 0 OR ((guild_id >> 22) & 4398046511103) % ?3 IN "
    "(SELECT value FROM json_each(?4)))";

void bind_scope(SQLite::Statement& statement, const job_scope& scope) {
  base::json_writer shards;
  shards.begin_array();
  for (const std::uint32_t shard : scope.shards) shards.number(std::uint64_t{shard});
  statement.bind(1, scope.environment.value);
  statement.bind(2, scope.bot.value);
  statement.bind(3, std::max(scope.shard_count, 1U));
  statement.bind(4, shards.end_array().take());
}

// The first fence is anyone's guess, so that a claim of a finished job says nothing about a later one of the
// same key.
constexpr const char* insert_sql =
    "INSERT INTO job(environment, bot, key, kind, guild_id, due_ms, payload, state, fence, attempts, "
    "last_error, node, lease_until_ms, created_ms) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting', random() & 0xfffffffffffffff, 0, '', '', 0, ?8) "
    "ON CONFLICT(environment, bot, key) DO NOTHING";
constexpr const char* replace_sql =
    "UPDATE job SET kind = ?4, guild_id = ?5, due_ms = ?6, payload = ?7, created_ms = ?8, "
    "state = 'waiting', attempts = 0, last_error = '', first_begun_ms = NULL "
    "WHERE environment = ?1 AND bot = ?2 AND key = ?3 AND state <> 'leased'";

bool put_job(const sqlite_context& context, const std::string& sql, const job_plan& plan) {
  SQLite::Statement put(context.database, sql);
  bind_key(put, plan.key);
  put.bind(4, plan.kind);
  put.bind(5, as_stored(plan.guild.value));
  put.bind(6, stored_time(plan.due));
  bind_bytes(put, 7, plan.payload);
  put.bind(8, stored_time(context.wall_now));
  return put.exec() != 0;
}

constexpr std::string_view claim_sql =
    "UPDATE job SET state = 'leased', fence = fence + 1, attempts = attempts + 1, node = ?6, "
    "lease_until_ms = ?5 + ?7, first_begun_ms = coalesce(first_begun_ms, ?5) "
    "WHERE rowid IN (SELECT rowid FROM job WHERE {} AND state <> 'dead' AND due_ms <= ?5 AND "
    "(state = 'waiting' OR lease_until_ms <= ?5) ORDER BY due_ms LIMIT ?8) "
    "RETURNING key, kind, guild_id, due_ms, payload, fence, attempts, first_begun_ms";

// For a verb that may act only while the claim holds.
constexpr std::string_view of_claim =
    " WHERE environment = ?1 AND bot = ?2 AND key = ?3 AND fence = ?4 AND state = 'leased'";

SQLite::Statement under_claim(const sqlite_context& context, std::string_view verb, const job_key& key,
                              std::uint64_t fence) {
  SQLite::Statement statement(context.database, fmt::format("{}{}", verb, of_claim));
  bind_key(statement, key);
  statement.bind(4, as_stored(fence));
  return statement;
}

job_row job_at(SQLite::Statement& query, const environment_name& environment) {
  return {.plan = {.key = {environment, {query.getColumn(0).getString()}, query.getColumn(1).getString()},
                   .kind = query.getColumn(2).getString(),
                   .guild = {unsigned_at(query, 3)},
                   .due = time_at(query, 4),
                   .payload = query.getColumn(5).getString()},
          .state = parse_job_state(query.getColumn(6).getString()).value_or(job_state::waiting),
          .attempts = query.getColumn(7).getUInt(),
          .last_error = query.getColumn(8).getString(),
          .node = query.getColumn(9).getString(),
          .created_at = time_at(query, 10)};
}

// `of_run`: what else is set of its run, from the comma on.
bool give_back(const sqlite_context& context, const job_key& key, std::uint64_t fence, base::wall_time due,
               const std::string& why, std::string_view of_run) {
  auto wait = under_claim(
      context,
      fmt::format("UPDATE job SET state = 'waiting', node = '', due_ms = ?5, last_error = ?6{}", of_run), key,
      fence);
  wait.bind(5, stored_time(due));
  wait.bind(6, why);
  return wait.exec() != 0;
}

}  // namespace

schedule_outcome schedule_job(const sqlite_context& context, const job_plan& plan, schedule_mode mode) {
  // Between the two statements nobody may finish the job.
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  schedule_outcome outcome = schedule_outcome::kept;
  if (put_job(context, insert_sql, plan)) {
    outcome = schedule_outcome::scheduled;
  } else if (put_job(context, fmt::format("{}{}", replace_sql, replaced_by(mode)), plan)) {
    outcome = schedule_outcome::replaced;
  }
  transaction.commit();
  return outcome;
}

std::vector<claimed_job> claim_due_jobs(const sqlite_context& context, const job_scope& scope,
                                        const std::string& node, std::uint32_t limit, milliseconds lease) {
  SQLite::Statement claim(context.database, fmt::format(claim_sql, in_scope));
  bind_scope(claim, scope);
  claim.bind(5, stored_time(context.wall_now));
  claim.bind(6, node);
  claim.bind(7, std::int64_t{lease.count()});
  claim.bind(8, limit);
  std::vector<claimed_job> claimed;
  while (claim.executeStep()) {
    const std::uint32_t attempt = claim.getColumn(6).getUInt();
    const base::wall_time first_begun = time_at(claim, 7);
    claimed.push_back({.plan = {.key = {scope.environment, scope.bot, claim.getColumn(0).getString()},
                                .kind = claim.getColumn(1).getString(),
                                .guild = {unsigned_at(claim, 2)},
                                .due = time_at(claim, 3),
                                .payload = claim.getColumn(4).getString()},
                       .fence = unsigned_at(claim, 5),
                       .attempt = attempt,
                       .first_begun_at = first_begun,
                       .begun_before = attempt > 1 || first_begun != context.wall_now});
  }
  std::ranges::sort(claimed, {},
                    [](const claimed_job& job) { return std::pair(job.plan.due, job.plan.key); });
  return claimed;
}

void free_job_leases(SQLite::Database& database) {
  database.exec("UPDATE job SET lease_until_ms = 0 WHERE state = 'leased' AND lease_until_ms > 0");
}

std::optional<milliseconds> next_due_in(const sqlite_context& context, const job_scope& scope) {
  // Each half reads the first entries of an index.
  SQLite::Statement query(
      context.database,
      fmt::format("SELECT min(at_ms) FROM ("
                  "SELECT * FROM (SELECT due_ms AS at_ms FROM job WHERE {0} AND state <> 'dead' AND "
                  "state = 'waiting' ORDER BY due_ms LIMIT 1) UNION ALL "
                  "SELECT * FROM (SELECT lease_until_ms FROM job WHERE {0} AND state = 'leased' "
                  "ORDER BY lease_until_ms LIMIT 1))",
                  in_scope));
  bind_scope(query, scope);
  query.executeStep();
  if (query.isColumnNull(0)) return std::nullopt;
  return std::max(milliseconds(query.getColumn(0).getInt64() - stored_time(context.wall_now)),
                  milliseconds(0));
}

bool extend_lease(const sqlite_context& context, const job_key& key, std::uint64_t fence,
                  milliseconds lease) {
  auto extend = under_claim(context, "UPDATE job SET lease_until_ms = ?5", key, fence);
  extend.bind(5, stored_time(context.wall_now + lease));
  return extend.exec() != 0;
}

bool delete_finished(const sqlite_context& context, const job_key& key, std::uint64_t fence) {
  return under_claim(context, "DELETE FROM job", key, fence).exec() != 0;
}

bool postpone(const sqlite_context& context, const job_key& key, std::uint64_t fence, base::wall_time due,
              const std::string& error) {
  return give_back(context, key, fence, due, error,
                   error.empty() ? ", attempts = 0, first_begun_ms = NULL" : "");
}

bool put_back(const sqlite_context& context, const job_key& key, std::uint64_t fence, base::wall_time due,
              const std::string& why) {
  return give_back(context, key, fence, due, why, ", attempts = max(attempts - 1, 0)");
}

bool bury(const sqlite_context& context, const job_key& key, std::uint64_t fence, const std::string& error) {
  auto end = under_claim(context, "UPDATE job SET state = 'dead', node = '', last_error = ?5", key, fence);
  end.bind(5, error);
  return end.exec() != 0;
}

std::vector<job_row> read_jobs(const sqlite_context& context, const job_filter& filter) {
  SQLite::Statement query(
      context.database,
      "SELECT bot, key, kind, guild_id, due_ms, payload, state, attempts, last_error, node, created_ms "
      "FROM job WHERE environment = ?1 AND (?2 IS NULL OR bot = ?2) AND (?3 IS NULL OR state = ?3) AND "
      "(?4 IS NULL OR guild_id = ?4) ORDER BY due_ms, bot, key LIMIT ?5");
  query.bind(1, filter.environment.value);
  if (filter.bot) query.bind(2, filter.bot->value);
  if (filter.state) query.bind(3, std::string(name_of(*filter.state)));
  if (filter.guild) query.bind(4, as_stored(filter.guild->value));
  query.bind(5, filter.limit);
  std::vector<job_row> jobs;
  while (query.executeStep()) jobs.push_back(job_at(query, filter.environment));
  return jobs;
}

bool revive(const sqlite_context& context, const job_key& key) {
  SQLite::Statement statement(context.database,
                              "UPDATE job SET state = 'waiting', due_ms = ?4, attempts = 0 "
                              "WHERE environment = ?1 AND bot = ?2 AND key = ?3 AND state = 'dead'");
  bind_key(statement, key);
  statement.bind(4, stored_time(context.wall_now));
  return statement.exec() != 0;
}

bool cancel(const sqlite_context& context, const job_key& key) {
  SQLite::Statement statement(
      context.database,
      "DELETE FROM job WHERE environment = ?1 AND bot = ?2 AND key = ?3 AND state <> 'leased'");
  bind_key(statement, key);
  return statement.exec() != 0;
}

std::vector<job_count> count_jobs(const sqlite_context& context, const environment_name& environment) {
  SQLite::Statement query(
      context.database,
      "SELECT bot, sum(state = 'waiting'), sum(state = 'waiting' AND due_ms <= ?2), sum(state = 'leased'), "
      "sum(state = 'dead') FROM job WHERE environment = ?1 GROUP BY bot ORDER BY bot");
  query.bind(1, environment.value);
  query.bind(2, stored_time(context.wall_now));
  std::vector<job_count> counts;
  while (query.executeStep()) {
    counts.push_back({.bot = {query.getColumn(0).getString()},
                      .waiting = unsigned_at(query, 1),
                      .due = unsigned_at(query, 2),
                      .leased = unsigned_at(query, 3),
                      .dead = unsigned_at(query, 4)});
  }
  return counts;
}

}  // namespace guildfleet::store
