#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>
#include <set>

#include "base/json_text.hpp"
#include "store/error.hpp"
#include "store/sqlite/tables.hpp"

namespace guildfleet::store {
namespace {

// Of another count only what somebody owns.
constexpr std::string_view served_leases = R"sql(
WHERE (bot, shard_count) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))
   OR (bot IN (SELECT value ->> 0 FROM json_each(?1)) AND expires_ms > ?2)
)sql";

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

// `first` is the column of the owner's name.
stored_lease stored_lease_at(SQLite::Statement& query, int first) {
  return {.owner = {.name = query.getColumn(first).getString(), .incarnation = unsigned_at(query, first + 1)},
          .epoch = unsigned_at(query, first + 2),
          .boot_id = query.getColumn(first + 3).getString(),
          .expires = std::chrono::milliseconds(query.getColumn(first + 4).getInt64())};
}

// Released, expired, of an earlier boot, or of a process that has ended.
bool is_free(const sqlite_context& context, const stored_lease& found) {
  if (found.owner.name.empty() || found.boot_id != context.boot_id || found.expires <= context.boot_now)
    return true;
  return found.owner != context.node && !context.lock.held_by_other(found.owner.incarnation);
}

std::unexpected<base::error> explain_twice(const sqlite_context& context, const lease_key& key) {
  return base::fail(
      store_error::bot_runs_twice,
      fmt::format("{}: bot {}: shard {}: node {}", context.path, key.bot.value, key.shard, context.node.name),
      "Stop the other process, or, when both are wanted, give each its own NODE_NAME.");
}

// Takes any number of leases with the same two statements, within a transaction of its owner.
class lease_taker final {
 public:
  explicit lease_taker(const sqlite_context& context)
      : context_(context),
        find_(context.database,
              "SELECT node, incarnation, epoch, boot_id, expires_ms FROM lease "
              "WHERE bot = ? AND shard_count = ? AND shard_index = ?"),
        write_(context.database,
               "INSERT OR REPLACE INTO lease(bot, shard_count, shard_index, node, incarnation, epoch, "
               "boot_id, expires_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)") {}

  base::result<acquire_outcome> take(const lease_key& key, std::chrono::milliseconds ttl) {
    const auto found = find(key);
    if (!found) return write(key, 1, ttl);
    if (found->owner == context_.node) return write(key, found->epoch, ttl);
    if (is_free(context_, *found)) return write(key, found->epoch + 1, ttl);
    if (found->owner.name == context_.node.name) return explain_twice(context_, key);
    return held_by{.node = found->owner.name, .free_in = found->expires - context_.boot_now};
  }

 private:
  std::optional<stored_lease> find(const lease_key& key) {
    bind_key(find_, 1, key);
    std::optional<stored_lease> found;
    if (find_.executeStep()) found = stored_lease_at(find_, 0);
    find_.reset();
    return found;
  }

  lease write(const lease_key& key, std::uint64_t epoch, std::chrono::milliseconds ttl) {
    bind_key(write_, 1, key);
    write_.bind(4, context_.node.name);
    write_.bind(5, as_stored(context_.node.incarnation));
    write_.bind(6, as_stored(epoch));
    write_.bind(7, context_.boot_id);
    write_.bind(8, std::int64_t{(context_.boot_now + ttl).count()});
    write_.exec();
    write_.reset();
    return {.key = key, .epoch = epoch};
  }

  const sqlite_context& context_;
  SQLite::Statement find_;
  SQLite::Statement write_;
};

// [["bot",count,index],...], so that one statement serves any number of leases.
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

// Lives, and takes shards.
bool attends(const sqlite_context& context, const node_identity& node) {
  SQLite::Statement query(context.database,
                          "SELECT 1 FROM node WHERE name = ? AND incarnation = ? AND boot_id = ? AND "
                          "expires_ms > ? AND draining = 0");
  query.bind(1, node.name);
  query.bind(2, as_stored(node.incarnation));
  query.bind(3, context.boot_id);
  query.bind(4, std::int64_t{context.boot_now.count()});
  return query.executeStep() && (node == context.node || context.lock.held_by_other(node.incarnation));
}

}  // namespace

base::result<acquire_outcome> acquire_lease(const sqlite_context& context, const lease_key& key,
                                            std::chrono::milliseconds ttl) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  auto outcome = lease_taker(context).take(key, ttl);
  if (outcome) transaction.commit();
  return outcome;
}

base::result<std::vector<lease>> acquire_leases(const sqlite_context& context,
                                                std::span<const lease_key> keys,
                                                std::chrono::milliseconds ttl) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  lease_taker taker(context);
  std::vector<lease> granted;
  granted.reserve(keys.size());
  for (const lease_key& key : std::set(keys.begin(), keys.end())) {
    auto outcome = taker.take(key, ttl);
    if (!outcome) return std::unexpected(std::move(outcome).error());
    if (auto* taken = std::get_if<lease>(&*outcome)) granted.push_back(std::move(*taken));
  }
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

std::optional<lease> transfer_lease(const sqlite_context& context, const lease_key& key, std::uint64_t epoch,
                                    const node_identity& to, std::chrono::milliseconds ttl) {
  SQLite::Transaction transaction(context.database, SQLite::TransactionBehavior::IMMEDIATE);
  if (!attends(context, to)) return std::nullopt;
  SQLite::Statement transfer(
      context.database,
      "UPDATE lease SET node = ?, incarnation = ?, epoch = epoch + 1, boot_id = ?, expires_ms = ? "
      "WHERE bot = ? AND shard_count = ? AND shard_index = ? AND node = ? AND incarnation = ? AND epoch = ?");
  transfer.bind(1, to.name);
  transfer.bind(2, as_stored(to.incarnation));
  transfer.bind(3, context.boot_id);
  transfer.bind(4, std::int64_t{(context.boot_now + ttl).count()});
  bind_key(transfer, 5, key);
  transfer.bind(8, context.node.name);
  transfer.bind(9, as_stored(context.node.incarnation));
  transfer.bind(10, as_stored(epoch));
  const bool changed = transfer.exec() > 0;
  transaction.commit();
  return changed ? std::optional(lease{.key = key, .epoch = epoch + 1}) : std::nullopt;
}

std::vector<lease_row> read_lease_rows(const sqlite_context& context,
                                       const std::optional<std::string>& serves) {
  SQLite::Statement query(
      context.database,
      fmt::format(
          "SELECT bot, shard_count, shard_index, node, incarnation, epoch, boot_id, expires_ms FROM lease {} "
          "ORDER BY bot, shard_count, shard_index",
          serves ? served_leases : ""));
  if (serves) {
    query.bind(1, *serves);
    query.bind(2, std::int64_t{context.boot_now.count()});
  }
  std::vector<lease_row> rows;
  while (query.executeStep()) {
    stored_lease found = stored_lease_at(query, 3);
    const bool free = is_free(context, found);
    rows.push_back(
        {.key = {.bot = {query.getColumn(0).getString()},
                 .shard = {.index = query.getColumn(2).getUInt(), .count = query.getColumn(1).getUInt()}},
         .owner = std::move(found.owner),
         .epoch = found.epoch,
         .free_in = free ? std::chrono::milliseconds(0) : found.expires - context.boot_now});
  }
  return rows;
}

}  // namespace guildfleet::store
