#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <set>

#include "base/json_text.hpp"
#include "store/sqlite/data_tables.hpp"

namespace guildfleet::store {
namespace {

std::string as_json(std::span<const discord::guild_id> guilds) {
  base::json_writer json;
  json.begin_array();
  for (const discord::guild_id guild : guilds) json.number(as_stored(guild.value));
  return json.end_array().take();
}

std::string as_json(std::span<const std::string> texts) {
  base::json_writer json;
  json.begin_array();
  for (const std::string& text : texts) json.string(text);
  return json.end_array().take();
}

void note_presence(const sqlite_context& context, const claim_request& request, const std::string& guilds) {
  SQLite::Statement present(context.database,
                            "INSERT OR REPLACE INTO bot_presence(environment, bot, priority, seen_ms) "
                            "VALUES (?, ?, ?, ?)");
  present.bind(1, request.environment.value);
  present.bind(2, request.bot.value);
  present.bind(3, request.priority);
  present.bind(4, stored_time(context.wall_now));
  present.exec();
  SQLite::Statement there(context.database,
                          "INSERT OR IGNORE INTO bot_guild(environment, bot, guild_id) "
                          "SELECT ?, ?, value FROM json_each(?)");
  there.bind(1, request.environment.value);
  there.bind(2, request.bot.value);
  there.bind(3, guilds);
  there.exec();
}

// Writes only what changes hands, so that a bot that claims again and again writes one row.
constexpr const char* claim_sql =
    "INSERT INTO feature_claim(environment, guild_id, feature, bot) "
    "SELECT ?1, guild.value, feature.value, ?2 FROM json_each(?3) AS guild, json_each(?4) AS feature "
    "WHERE true ON CONFLICT(environment, guild_id, feature) DO UPDATE SET bot = excluded.bot "
    "WHERE bot <> excluded.bot AND NOT EXISTS (SELECT 1 FROM bot_presence AS owner WHERE "
    "owner.environment = feature_claim.environment AND owner.bot = feature_claim.bot AND "
    "owner.priority >= ?5 AND owner.seen_ms >= ?6)";

std::set<std::pair<discord::guild_id, std::string>> claims_of_others(const sqlite_context& context,
                                                                     const claim_request& request,
                                                                     const std::string& guilds,
                                                                     const std::string& features) {
  SQLite::Statement query(
      context.database,
      "SELECT guild_id, feature FROM feature_claim WHERE environment = ? AND bot <> ? AND "
      "guild_id IN (SELECT value FROM json_each(?)) AND "
      "feature IN (SELECT value FROM json_each(?))");
  query.bind(1, request.environment.value);
  query.bind(2, request.bot.value);
  query.bind(3, guilds);
  query.bind(4, features);
  std::set<std::pair<discord::guild_id, std::string>> found;
  while (query.executeStep())
    found.emplace(discord::guild_id{unsigned_at(query, 0)}, query.getColumn(1).getString());
  return found;
}

}  // namespace

std::vector<feature_claim> claim_guild_features(const sqlite_context& context, const claim_request& request) {
  const std::string guilds = as_json(request.guilds);
  const std::string features = as_json(request.features);
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  note_presence(context, request, guilds);
  const auto before = claims_of_others(context, request, guilds, features);
  SQLite::Statement claim(context.database, claim_sql);
  claim.bind(1, request.environment.value);
  claim.bind(2, request.bot.value);
  claim.bind(3, guilds);
  claim.bind(4, features);
  claim.bind(5, request.priority);
  claim.bind(6, stored_time(context.wall_now - request.down_limit));
  claim.exec();
  SQLite::Statement query(context.database,
                          "SELECT guild_id, feature, bot FROM feature_claim WHERE environment = ? AND "
                          "guild_id IN (SELECT value FROM json_each(?)) AND "
                          "feature IN (SELECT value FROM json_each(?)) ORDER BY guild_id, feature");
  query.bind(1, request.environment.value);
  query.bind(2, guilds);
  query.bind(3, features);
  std::vector<feature_claim> owners;
  while (query.executeStep()) {
    owners.push_back({.guild = {unsigned_at(query, 0)},
                      .feature = query.getColumn(1).getString(),
                      .bot = {query.getColumn(2).getString()}});
    feature_claim& owner = owners.back();
    owner.taken = owner.bot == request.bot && before.contains({owner.guild, owner.feature});
  }
  transaction.commit();
  return owners;
}

// Only other bots' rows are looked at, by the key of the table, so that a bot alone reads none.
std::uint64_t adopt_waiting_jobs(const sqlite_context& context, const environment_name& environment,
                                 const bot_name& bot, std::span<const discord::guild_id> guilds) {
  SQLite::Statement adopt(
      context.database,
      "UPDATE job AS other SET bot = ?2 WHERE environment = ?1 AND bot IN (SELECT bot FROM bot_presence "
      "WHERE environment = ?1 AND bot <> ?2) AND guild_id IN (SELECT value FROM json_each(?3)) "
      "AND state = 'waiting' AND first_begun_ms IS NULL AND EXISTS (SELECT 1 FROM feature_claim AS held "
      "WHERE held.environment = ?1 AND held.guild_id = other.guild_id AND held.bot = ?2 "
      "AND held.feature = substr(other.kind, 1, instr(other.kind, '/') - 1)) AND NOT EXISTS (SELECT 1 "
      "FROM job AS own WHERE own.environment = ?1 AND own.bot = ?2 AND own.key = other.key)");
  adopt.bind(1, environment.value);
  adopt.bind(2, bot.value);
  adopt.bind(3, as_json(guilds));
  return static_cast<std::uint64_t>(adopt.exec());
}

void forget_guild(const sqlite_context& context, const environment_name& environment, const bot_name& bot,
                  discord::guild_id guild) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  for (const char* sql : {"DELETE FROM bot_guild WHERE environment = ? AND bot = ? AND guild_id = ?",
                          "DELETE FROM feature_claim WHERE environment = ? AND bot = ? AND guild_id = ?"}) {
    SQLite::Statement forget(context.database, sql);
    forget.bind(1, environment.value);
    forget.bind(2, bot.value);
    forget.bind(3, as_stored(guild.value));
    forget.exec();
  }
  transaction.commit();
}

}  // namespace guildfleet::store
