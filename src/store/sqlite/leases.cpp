#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "store/error.hpp"
#include "store/sqlite/tables.hpp"

namespace guildfleet::store {
namespace {

struct stored_lease {
  node_identity owner;
  std::uint64_t epoch = 0;
  std::string boot_id;
  std::chrono::milliseconds expires{0};
};

void bind_key(SQLite::Statement& statement, int first, const lease_key& key) {
  statement.bind(first, key.bot.value);
  statement.bind(first + 1, key.shard.count);
  statement.bind(first + 2, key.shard.index);
}

std::optional<stored_lease> find_lease(SQLite::Database& database, const lease_key& key) {
  SQLite::Statement query(database,
                          "SELECT node, incarnation, epoch, boot_id, expires_ms FROM lease "
                          "WHERE bot = ? AND shard_count = ? AND shard_index = ?");
  bind_key(query, 1, key);
  if (!query.executeStep()) return std::nullopt;
  return stored_lease{.owner = {.name = query.getColumn(0).getString(),
                                .incarnation = from_stored(query.getColumn(1).getInt64())},
                      .epoch = from_stored(query.getColumn(2).getInt64()),
                      .boot_id = query.getColumn(3).getString(),
                      .expires = std::chrono::milliseconds(query.getColumn(4).getInt64())};
}

lease write_lease(const sqlite_context& context, const lease_key& key, std::uint64_t epoch,
                  std::chrono::milliseconds ttl) {
  SQLite::Statement write(
      context.database,
      "INSERT OR REPLACE INTO lease(bot, shard_count, shard_index, node, incarnation, epoch, "
      "boot_id, expires_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  bind_key(write, 1, key);
  write.bind(4, context.node.name);
  write.bind(5, as_stored(context.node.incarnation));
  write.bind(6, as_stored(epoch));
  write.bind(7, context.boot_id);
  write.bind(8, std::int64_t{(context.boot_now + ttl).count()});
  write.exec();
  return {.key = key, .epoch = epoch};
}

// Released, expired, of an earlier boot, or of a process that has ended.
bool is_free(const sqlite_context& context, const stored_lease& found) {
  return found.owner.name.empty() || found.boot_id != context.boot_id || found.expires <= context.boot_now ||
         !context.lock.held_by_other(found.owner.incarnation);
}

std::unexpected<base::error> explain_twice(const sqlite_context& context, const lease_key& key) {
  return base::fail(
      store_error::bot_runs_twice,
      fmt::format("{}: bot {}: shard {}: node {}", context.path, key.bot.value, key.shard, context.node.name),
      "Stop the other process, or, when both are wanted, give each its own NODE_NAME.");
}

// [["bot",index,count],...], so that one statement serves any number of leases.
std::string keys_as_json(std::span<const lease_key> keys) {
  base::json_writer json;
  json.begin_array();
  for (const lease_key& key : keys) {
    json.begin_array().string(key.bot.value).number(std::uint64_t{key.shard.count});
    json.number(std::uint64_t{key.shard.index}).end_array();
  }
  return json.end_array().take();
}

constexpr std::string_view ours_among_keys =
    " WHERE node = ? AND incarnation = ? AND (bot, shard_count, shard_index) IN "
    "(SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))";

void bind_ours(SQLite::Statement& statement, int first, const sqlite_context& context,
               std::span<const lease_key> keys) {
  statement.bind(first, context.node.name);
  statement.bind(first + 1, as_stored(context.node.incarnation));
  statement.bind(first + 2, keys_as_json(keys));
}

}  // namespace

base::result<acquire_outcome> acquire_lease(const sqlite_context& context, const lease_key& key,
                                            std::chrono::milliseconds ttl) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  const auto found = find_lease(context.database, key);
  std::uint64_t epoch = 1;
  if (found && found->owner == context.node) {
    epoch = found->epoch;
  } else if (found) {
    if (!is_free(context, *found)) {
      if (found->owner.name == context.node.name) return explain_twice(context, key);
      return held_by{.node = found->owner.name, .free_in = found->expires - context.boot_now};
    }
    epoch = found->epoch + 1;
  }
  lease granted = write_lease(context, key, epoch, ttl);
  transaction.commit();
  return granted;
}

std::vector<lease> renew_leases(const sqlite_context& context, std::span<const lease_key> keys,
                                std::chrono::milliseconds ttl) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  SQLite::Statement renew(context.database,
                          fmt::format("UPDATE lease SET expires_ms = ?{} RETURNING bot, shard_index, "
                                      "shard_count, epoch",
                                      ours_among_keys));
  renew.bind(1, std::int64_t{(context.boot_now + ttl).count()});
  bind_ours(renew, 2, context, keys);
  std::vector<lease> renewed;
  renewed.reserve(keys.size());
  while (renew.executeStep()) {
    renewed.push_back(
        {.key = {.bot = {renew.getColumn(0).getString()},
                 .shard = {.index = renew.getColumn(1).getUInt(), .count = renew.getColumn(2).getUInt()}},
         .epoch = from_stored(renew.getColumn(3).getInt64())});
  }
  transaction.commit();
  return renewed;
}

void release_leases(const sqlite_context& context, std::span<const lease_key> keys) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  SQLite::Statement release(
      context.database,
      fmt::format("UPDATE lease SET node = '', incarnation = 0, expires_ms = 0{}", ours_among_keys));
  bind_ours(release, 1, context, keys);
  release.exec();
  transaction.commit();
}

}  // namespace guildfleet::store
