#include <algorithm>
#include <fmt/format.h>
#include <tuple>

#include "store/job_replacement.hpp"
#include "store/postgres/data_tables.hpp"

namespace guildfleet::store {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view of_key = " WHERE environment = $1 AND bot = $2 AND key = $3 ";

sql_params key_params(const job_key& key) {
  return sql_params().text(key.environment.value).text(key.bot.value).text(key.key);
}

// $1 environment, $2 bot, $3 shard count, $4 shards: shard_of() in SQL, unsigned by the mask of 42 bits.
constexpr std::string_view in_scope =
    " environment = $1 AND bot = $2 AND (guild_id = 0 OR "
    "((guild_id >> 22) & 4398046511103) % $3::bigint = ANY($4::bigint[])) ";

sql_params scope_params(const job_scope& scope) {
  const std::vector<std::int64_t> shards(scope.shards.begin(), scope.shards.end());
  return sql_params()
      .text(scope.environment.value)
      .text(scope.bot.value)
      .integer(std::max(scope.shard_count, 1U))
      .integers(shards);
}

// The first fence is anyone's guess, so that a claim of a finished job says nothing about a later one of the
// same key.
constexpr const char* insert_sql = R"sql(
INSERT INTO guildfleet.job(environment, bot, key, kind, guild_id, due_ms, payload, state, fence, attempts,
                           last_error, node, lease_until_ms, created_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', floor(random() * 1e18)::bigint, 0, '', '', 0,
        guildfleet.store_ms())
ON CONFLICT (environment, bot, key) DO NOTHING
)sql";

constexpr const char* replace_sql = R"sql(
UPDATE guildfleet.job SET kind = $4, guild_id = $5, due_ms = $6, payload = $7,
  created_ms = guildfleet.store_ms(), state = 'waiting', attempts = 0, last_error = '', first_begun_ms = NULL
WHERE environment = $1 AND bot = $2 AND key = $3 AND state <> 'leased'
)sql";

// Those that another node is just claiming are passed over.
constexpr std::string_view claim_sql = R"sql(
WITH clock AS MATERIALIZED (SELECT guildfleet.store_ms() AS now),
picked AS MATERIALIZED (
  SELECT environment, bot, key FROM guildfleet.job
  WHERE {} AND state <> 'dead' AND due_ms <= (SELECT now FROM clock)
    AND (state = 'waiting' OR lease_until_ms <= (SELECT now FROM clock))
  ORDER BY due_ms LIMIT $5::bigint FOR UPDATE SKIP LOCKED)
UPDATE guildfleet.job AS claimed SET state = 'leased', fence = fence + 1, attempts = attempts + 1, node = $6,
  lease_until_ms = (SELECT now FROM clock) + $7::bigint,
  first_begun_ms = coalesce(first_begun_ms, (SELECT now FROM clock))
FROM picked
WHERE claimed.environment = picked.environment AND claimed.bot = picked.bot AND claimed.key = picked.key
RETURNING claimed.key, kind, guild_id, due_ms, payload, fence, attempts, first_begun_ms,
  first_begun_ms <> (SELECT now FROM clock)
)sql";

constexpr std::string_view of_fence = "AND fence = $4::bigint AND state = 'leased'";

bool changed_one(sql_transaction& in, std::string_view statement, std::string_view condition,
                 const sql_params& params) {
  return in.exec(fmt::format("{}{}{}", statement, of_key, condition), params).affected() != 0;
}

// `of_run`: what else is set of its run, from the comma on.
bool give_back(sql_transaction& in, const job_key& key, std::uint64_t fence, base::wall_time due,
               const std::string& why, std::string_view of_run) {
  return changed_one(
      in,
      fmt::format("UPDATE guildfleet.job SET state = 'waiting', node = '', due_ms = $5::bigint, "
                  "last_error = $6{}",
                  of_run),
      of_fence, key_params(key).stored(fence).integer(stored_time(due)).text(why));
}

}  // namespace

schedule_outcome schedule_job(sql_transaction& in, const job_plan& plan, schedule_mode mode) {
  const auto params = key_params(plan.key)
                          .text(plan.kind)
                          .stored(plan.guild.value)
                          .integer(stored_time(plan.due))
                          .bytes(plan.payload);
  if (in.exec(insert_sql, params).affected() != 0) return schedule_outcome::scheduled;
  const auto replaced = in.exec(fmt::format("{}{}", replace_sql, replaced_by(mode)), params).affected() != 0;
  return replaced ? schedule_outcome::replaced : schedule_outcome::kept;
}

std::vector<claimed_job> claim_due_jobs(sql_transaction& in, const job_scope& scope, const std::string& node,
                                        std::uint32_t limit, milliseconds lease) {
  const auto rows = in.exec(fmt::format(claim_sql, in_scope),
                            scope_params(scope).integer(limit).text(node).integer(lease.count()));
  std::vector<claimed_job> claimed;
  claimed.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::uint32_t attempt = rows.small(row, 6);
    claimed.push_back({.plan = {.key = {scope.environment, scope.bot, rows.text(row, 0)},
                                .kind = rows.text(row, 1),
                                .guild = {rows.stored(row, 2)},
                                .due = wall_time_of(rows.integer(row, 3)),
                                .payload = rows.bytes(row, 4)},
                       .fence = rows.stored(row, 5),
                       .attempt = attempt,
                       .first_begun_at = wall_time_of(rows.integer(row, 7)),
                       .begun_before = attempt > 1 || rows.text(row, 8) == "t"});
  }
  std::ranges::sort(claimed, {},
                    [](const claimed_job& job) { return std::tie(job.plan.due, job.plan.key.key); });
  return claimed;
}

std::optional<milliseconds> next_due_in(sql_transaction& in, const job_scope& scope) {
  // Each half reads one entry of an index.
  const auto rows = in.exec(
      fmt::format("SELECT greatest(least("
                  "(SELECT due_ms FROM guildfleet.job WHERE {0} AND state <> 'dead' AND state = 'waiting' "
                  "ORDER BY due_ms LIMIT 1), "
                  "(SELECT lease_until_ms FROM guildfleet.job WHERE {0} AND state = 'leased' "
                  "ORDER BY lease_until_ms LIMIT 1)) - guildfleet.store_ms(), 0), "
                  "EXISTS (SELECT 1 FROM guildfleet.job WHERE {0} AND state <> 'dead')",
                  in_scope),
      scope_params(scope));
  if (rows.text(0, 1) != "t") return std::nullopt;
  return milliseconds(rows.integer(0, 0));
}

bool extend_lease(sql_transaction& in, const job_key& key, std::uint64_t fence, milliseconds lease) {
  return changed_one(in, "UPDATE guildfleet.job SET lease_until_ms = guildfleet.store_ms() + $5::bigint",
                     of_fence, key_params(key).stored(fence).integer(lease.count()));
}

bool delete_finished(sql_transaction& in, const job_key& key, std::uint64_t fence) {
  return changed_one(in, "DELETE FROM guildfleet.job", of_fence, key_params(key).stored(fence));
}

bool postpone(sql_transaction& in, const job_key& key, std::uint64_t fence, base::wall_time due,
              const std::string& error) {
  return give_back(in, key, fence, due, error, error.empty() ? ", attempts = 0, first_begun_ms = NULL" : "");
}

bool put_back(sql_transaction& in, const job_key& key, std::uint64_t fence, base::wall_time due,
              const std::string& why) {
  return give_back(in, key, fence, due, why, ", attempts = greatest(attempts - 1, 0)");
}

bool bury(sql_transaction& in, const job_key& key, std::uint64_t fence, const std::string& error) {
  return changed_one(in, "UPDATE guildfleet.job SET state = 'dead', node = '', last_error = $5", of_fence,
                     key_params(key).stored(fence).text(error));
}

std::vector<job_row> read_jobs(sql_transaction& in, const job_filter& filter) {
  const auto rows = in.exec(
      "SELECT bot, key, kind, guild_id, due_ms, payload, state, attempts, last_error, node, created_ms "
      "FROM guildfleet.job WHERE environment = $1 AND ($2::text IS NULL OR bot = $2) AND "
      "($3::text IS NULL OR state = $3) AND ($4::bigint IS NULL OR guild_id = $4::bigint) "
      "ORDER BY due_ms, bot COLLATE \"C\", key COLLATE \"C\" LIMIT $5::bigint",
      sql_params()
          .text(filter.environment.value)
          .optional_text(filter.bot ? std::optional(filter.bot->value) : std::nullopt)
          .optional_text(filter.state ? std::optional(std::string(name_of(*filter.state))) : std::nullopt)
          .optional_integer(filter.guild ? std::optional(static_cast<std::int64_t>(filter.guild->value))
                                         : std::nullopt)
          .integer(filter.limit));
  std::vector<job_row> jobs;
  jobs.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    jobs.push_back({.plan = {.key = {filter.environment, {rows.text(row, 0)}, rows.text(row, 1)},
                             .kind = rows.text(row, 2),
                             .guild = {rows.stored(row, 3)},
                             .due = wall_time_of(rows.integer(row, 4)),
                             .payload = rows.bytes(row, 5)},
                    .state = parse_job_state(rows.text(row, 6)).value_or(job_state::waiting),
                    .attempts = rows.small(row, 7),
                    .last_error = rows.text(row, 8),
                    .node = rows.text(row, 9),
                    .created_at = wall_time_of(rows.integer(row, 10))});
  }
  return jobs;
}

bool revive(sql_transaction& in, const job_key& key) {
  return changed_one(
      in, "UPDATE guildfleet.job SET state = 'waiting', due_ms = guildfleet.store_ms(), attempts = 0",
      "AND state = 'dead'", key_params(key));
}

bool cancel(sql_transaction& in, const job_key& key) {
  return changed_one(in, "DELETE FROM guildfleet.job", "AND state <> 'leased'", key_params(key));
}

std::vector<job_count> count_jobs(sql_transaction& in, const environment_name& environment) {
  const auto rows = in.exec(
      "SELECT bot, count(*) FILTER (WHERE state = 'waiting'), "
      "count(*) FILTER (WHERE state = 'waiting' AND due_ms <= (SELECT guildfleet.store_ms())), "
      "count(*) FILTER (WHERE state = 'leased'), count(*) FILTER (WHERE state = 'dead') "
      "FROM guildfleet.job WHERE environment = $1 GROUP BY bot ORDER BY bot COLLATE \"C\"",
      sql_params().text(environment.value));
  std::vector<job_count> counts;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    counts.push_back({.bot = {rows.text(row, 0)},
                      .waiting = rows.stored(row, 1),
                      .due = rows.stored(row, 2),
                      .leased = rows.stored(row, 3),
                      .dead = rows.stored(row, 4)});
  }
  return counts;
}

}  // namespace guildfleet::store
