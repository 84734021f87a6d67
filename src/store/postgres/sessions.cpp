#include <map>

#include "store/postgres/session_tables.hpp"

namespace guildfleet::store {
namespace {

sql_params key_params(const lease_key& key) {
  return sql_params().text(key.bot.value).integer(key.shard.count).integer(key.shard.index);
}

// The lease's row is locked: who takes the lease over waits for this transaction, or this one sees the new
// epoch.
constexpr const char* save_sql = R"sql(
WITH owner AS MATERIALIZED (
  SELECT epoch FROM guildfleet.lease
  WHERE bot = $1 AND shard_count = $2::integer AND shard_index = $3::integer FOR SHARE)
INSERT INTO guildfleet.session_ledger AS kept
  (bot, shard_count, shard_index, epoch, session_id, resume_url, sequence, intents, token_fingerprint)
SELECT $1, $2::integer, $3::integer, $4::bigint, $5, $6, $7::bigint, $8::bigint, $9
WHERE NOT EXISTS (SELECT 1 FROM owner WHERE epoch > $4::bigint)
ON CONFLICT (bot, shard_count, shard_index) DO UPDATE SET
  epoch = excluded.epoch, session_id = excluded.session_id, resume_url = excluded.resume_url,
  sequence = excluded.sequence, intents = excluded.intents, token_fingerprint = excluded.token_fingerprint
WHERE kept.epoch <= excluded.epoch
)sql";

constexpr const char* put_guilds_sql = R"sql(
INSERT INTO guildfleet.guild_state(bot, guild_id, state)
SELECT $1, guild_id, state FROM unnest($2::bigint[], $3::bytea[]) AS changed(guild_id, state)
ON CONFLICT (bot, guild_id) DO UPDATE SET state = excluded.state
)sql";

// As much as one statement carries; the text on the wire is twice as long.
constexpr std::size_t batch_bytes = 1U << 20U;

class guild_batch final {
 public:
  guild_batch(sql_transaction& transaction, const bot_name& bot) : transaction_(transaction), bot_(bot) {}

  void put(std::int64_t guild, std::string_view state) {
    guilds_.push_back(guild);
    states_.push_back(state);
    bytes_ += state.size();
    if (bytes_ >= batch_bytes) flush();
  }
  void flush() {
    if (guilds_.empty()) return;
    transaction_.exec(put_guilds_sql, sql_params().text(bot_.value).integers(guilds_).byte_strings(states_));
    guilds_.clear();
    states_.clear();
    bytes_ = 0;
  }

 private:
  sql_transaction& transaction_;
  const bot_name& bot_;
  std::vector<std::int64_t> guilds_;
  std::vector<std::string_view> states_;
  std::size_t bytes_ = 0;
};

void write_guilds(sql_transaction& transaction, const bot_name& bot, std::span<const guild_change> guilds) {
  // The last change of a guild counts; in the order of ids, so that two writers never wait for each other.
  std::map<std::int64_t, const guild_change*> last;
  for (const guild_change& change : guilds) last[static_cast<std::int64_t>(change.guild.value)] = &change;
  std::vector<std::int64_t> removed;
  guild_batch batch(transaction, bot);
  for (const auto& [guild, change] : last) {
    if (change->state) {
      batch.put(guild, *change->state);
    } else {
      removed.push_back(guild);
    }
  }
  batch.flush();
  if (removed.empty()) return;
  transaction.exec("DELETE FROM guildfleet.guild_state WHERE bot = $1 AND guild_id = ANY($2::bigint[])",
                   sql_params().text(bot.value).integers(removed));
}

}  // namespace

write_outcome save_session(sql_transaction& transaction, const lease_key& key, const session_row& row,
                           std::span<const guild_change> guilds) {
  const auto written = transaction.exec(save_sql, key_params(key)
                                                      .stored(row.epoch)
                                                      .text(row.session_id)
                                                      .text(row.resume_url)
                                                      .stored(row.sequence)
                                                      .stored(row.intents)
                                                      .text(row.token_fingerprint));
  if (written.affected() == 0) {
    transaction.abandon();
    return write_outcome::fenced;
  }
  write_guilds(transaction, key.bot, guilds);
  forget_effects(transaction, key, row.session_id, row.sequence);
  return write_outcome::written;
}

std::optional<session_row> load_session(sql_transaction& transaction, const lease_key& key) {
  const auto rows = transaction.exec(
      "SELECT session_id, resume_url, sequence, intents, token_fingerprint, epoch FROM "
      "guildfleet.session_ledger "
      "WHERE bot = $1 AND shard_count = $2 AND shard_index = $3 AND session_id <> ''",
      key_params(key));
  if (rows.empty()) return std::nullopt;
  return session_row{.session_id = rows.text(0, 0),
                     .resume_url = rows.text(0, 1),
                     .sequence = rows.stored(0, 2),
                     .intents = rows.stored(0, 3),
                     .token_fingerprint = rows.text(0, 4),
                     .epoch = rows.stored(0, 5)};
}

std::vector<guild_blob> load_guild_states(sql_transaction& transaction, const lease_key& key) {
  // shard_of() in SQL; ids are below 2^63, so the signed shift is the unsigned one.
  const auto rows = transaction.exec(
      "SELECT guild_id, state FROM guildfleet.guild_state WHERE bot = $1 AND "
      "(guild_id >> 22) % $2::bigint = $3::bigint ORDER BY guild_id",
      key_params(key));
  std::vector<guild_blob> guilds;
  guilds.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row)
    guilds.push_back({.guild = {rows.stored(row, 0)}, .state = rows.bytes(row, 1)});
  return guilds;
}

}  // namespace guildfleet::store
