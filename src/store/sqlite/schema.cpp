#include <array>

#include "store/sqlite/data_schema.hpp"
#include "store/sqlite/migrations.hpp"

namespace guildfleet::store {
namespace {

// Unsigned 64-bit numbers are kept bit for bit in SQLite's signed ones.
constexpr std::string_view sessions = R"sql(
CREATE TABLE lease(
  bot TEXT NOT NULL,
  shard_count INTEGER NOT NULL,
  shard_index INTEGER NOT NULL,
  node TEXT NOT NULL,            -- '' when released
  incarnation INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,   -- CLOCK_BOOTTIME of that boot
  PRIMARY KEY(bot, shard_count, shard_index)) STRICT, WITHOUT ROWID;
CREATE TABLE session_ledger(
  bot TEXT NOT NULL,
  shard_count INTEGER NOT NULL,
  shard_index INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  session_id TEXT NOT NULL,      -- '' when forgotten; the row stays for its epoch
  resume_url TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  intents INTEGER NOT NULL,
  token_fingerprint TEXT NOT NULL,
  PRIMARY KEY(bot, shard_count, shard_index)) STRICT, WITHOUT ROWID;
CREATE TABLE guild_state(
  bot TEXT NOT NULL,
  guild_id INTEGER NOT NULL,
  state BLOB NOT NULL,
  PRIMARY KEY(bot, guild_id)) STRICT;
CREATE TABLE identify_log(
  id INTEGER PRIMARY KEY,
  bot TEXT NOT NULL,
  shard_count INTEGER NOT NULL,
  shard_index INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  boot_ms INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL) STRICT;
CREATE INDEX identify_log_by_bot ON identify_log(bot, wall_ms);
)sql";

constexpr std::string_view effects = R"sql(
CREATE TABLE effect(
  bot TEXT NOT NULL,
  shard_count INTEGER NOT NULL,
  shard_index INTEGER NOT NULL,
  origin TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  action TEXT NOT NULL,
  announced_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL,         -- '' until it is known that it took effect
  PRIMARY KEY(bot, shard_count, shard_index, origin, sequence, action)) STRICT, WITHOUT ROWID;
)sql";

constexpr std::array migrations{migration{.version = 1, .readable_from = 1, .sql = sessions},
                                migration{.version = 2, .readable_from = 1, .sql = data_schema},
                                migration{.version = 3, .readable_from = 1, .sql = effects}};

}  // namespace

component_tables store_tables() {
  return {.component = "store", .migrations = migrations};
}

}  // namespace guildfleet::store
