#include "store/postgres/rollout_tables.hpp"

namespace guildfleet::store {
namespace {

// The rows of operation and leases are locked: who ends the one or takes over the other waits for this
// transaction, or this one sees it.
constexpr const char* active_sql =
    "SELECT 1 FROM guildfleet.rollout WHERE id = $1::bigint AND active FOR SHARE";

constexpr const char* owns_sql = R"sql(
SELECT 1 FROM guildfleet.lease
WHERE bot = $1 AND shard_count = $2::integer AND shard_index = $3::integer AND epoch = $4::bigint
  AND node = $5 AND incarnation = $6::bigint FOR SHARE
)sql";

constexpr const char* nobody_took_over_sql = R"sql(
SELECT 1 FROM guildfleet.lease
WHERE bot = $1 AND shard_count = $2::integer AND shard_index = $3::integer AND epoch = $4::bigint FOR SHARE
)sql";

constexpr const char* put_sql = R"sql(
INSERT INTO guildfleet.guild_cut(rollout, guild_id, bot, shard_count, shard_index, session_id, account)
VALUES ($1::bigint, $2::bigint, $3, $4::integer, $5::integer, $6, $7) ON CONFLICT DO NOTHING
)sql";

sql_params lease_params(const lease_key& key, std::uint64_t epoch) {
  return sql_params().text(key.bot.value).integer(key.shard.count).integer(key.shard.index).stored(epoch);
}

bool may_write(sql_transaction& transaction, const node_identity& self, const guild_cut_write& write) {
  auto own = lease_params(write.cut.shard, write.epoch);
  own.text(self.name).stored(self.incarnation);
  return !transaction.exec(owns_sql, own).empty() &&
         !transaction.exec(nobody_took_over_sql, lease_params(write.old_shard, write.old_epoch)).empty();
}

void put_cut(sql_transaction& transaction, std::uint64_t operation, const guild_cut_row& cut) {
  transaction.exec(put_sql, sql_params()
                                .stored(operation)
                                .stored(cut.guild.value)
                                .text(cut.shard.bot.value)
                                .integer(cut.shard.shard.count)
                                .integer(cut.shard.shard.index)
                                .text(cut.session_id)
                                .text(cut.account));
}

}  // namespace

base::result<write_outcome> write_guild_cuts(sql_transaction& transaction, const node_identity& self,
                                             std::uint64_t operation, std::span<const guild_cut_write> cuts) {
  for (const guild_cut_write& each : cuts) {
    if (auto fits = check_size("account of a guild that goes over", each.cut.account, largest_cut); !fits)
      return std::unexpected(std::move(fits).error());
  }
  bool allowed = !transaction.exec(active_sql, sql_params().stored(operation)).empty();
  for (const guild_cut_write& each : cuts) {
    allowed = allowed && may_write(transaction, self, each);
    if (!allowed) break;
    put_cut(transaction, operation, each.cut);
  }
  if (allowed) return write_outcome::written;
  transaction.abandon();
  return write_outcome::fenced;
}

std::vector<guild_cut_row> read_guild_cuts(sql_transaction& transaction, std::uint64_t operation) {
  const auto rows = transaction.exec(
      "SELECT guild_id, bot, shard_index, shard_count, session_id, account FROM guildfleet.guild_cut "
      "WHERE rollout = $1::bigint ORDER BY guild_id",
      sql_params().stored(operation));
  std::vector<guild_cut_row> cuts;
  cuts.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    cuts.push_back({.guild = {rows.stored(row, 0)},
                    .shard = {{rows.text(row, 1)},
                              {static_cast<std::uint32_t>(rows.integer(row, 2)),
                               static_cast<std::uint32_t>(rows.integer(row, 3))}},
                    .session_id = rows.text(row, 4),
                    .account = rows.text(row, 5)});
  }
  return cuts;
}

void forget_guild_cuts(sql_transaction& transaction, std::uint64_t operation) {
  transaction.exec("DELETE FROM guildfleet.guild_cut WHERE rollout = $1::bigint",
                   sql_params().stored(operation));
}

}  // namespace guildfleet::store
