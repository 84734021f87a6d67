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

// Times by CLOCK_BOOTTIME of that boot.
constexpr std::string_view nodes = R"sql(
CREATE TABLE node(
  name TEXT PRIMARY KEY NOT NULL,
  incarnation INTEGER NOT NULL,
  release TEXT NOT NULL,
  address TEXT NOT NULL,
  certificate TEXT NOT NULL,
  weight INTEGER NOT NULL,
  draining INTEGER NOT NULL,
  drain_asked INTEGER NOT NULL,  -- of this incarnation
  serves TEXT NOT NULL,          -- [["bot",shard count],...]
  boot_id TEXT NOT NULL,
  started_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// Times are wall times.
constexpr std::string_view rollouts = R"sql(
CREATE TABLE rollout(
  id INTEGER PRIMARY KEY,
  bot TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  active INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX rollout_active ON rollout(bot) WHERE active = 1;
CREATE INDEX rollout_by_bot ON rollout(bot, id);
CREATE TABLE rollout_event(
  id INTEGER PRIMARY KEY,
  rollout INTEGER NOT NULL REFERENCES rollout(id) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL,
  who TEXT NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL) STRICT;
CREATE INDEX rollout_event_by_rollout ON rollout_event(rollout, id);
CREATE TABLE settled_release(
  bot TEXT PRIMARY KEY NOT NULL,
  release TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE release_sample(
  id INTEGER PRIMARY KEY,
  bot TEXT NOT NULL,
  node TEXT NOT NULL,
  incarnation INTEGER NOT NULL,
  release TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  figures TEXT NOT NULL) STRICT;
CREATE INDEX release_sample_by_bot ON release_sample(bot, at_ms);
CREATE INDEX release_sample_by_time ON release_sample(at_ms);
CREATE TABLE identify_permission(
  id INTEGER PRIMARY KEY,
  bot TEXT NOT NULL,
  reason TEXT NOT NULL,
  who TEXT NOT NULL,
  granted_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL) STRICT;
CREATE INDEX identify_permission_by_bot ON identify_permission(bot, id);
)sql";

// Which process claimed it; times are wall times.
constexpr std::string_view identify_budgets = R"sql(
ALTER TABLE identify_log ADD COLUMN node TEXT NOT NULL DEFAULT '';
ALTER TABLE identify_log ADD COLUMN incarnation INTEGER NOT NULL DEFAULT 0;
CREATE TABLE identify_budget(
  bot TEXT PRIMARY KEY NOT NULL,
  total INTEGER NOT NULL,
  remaining INTEGER NOT NULL,
  max_concurrency INTEGER NOT NULL,
  read_ms INTEGER NOT NULL,
  resets_ms INTEGER NOT NULL     -- 0: its day had not begun
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::string_view arrivals = R"sql(
ALTER TABLE identify_log ADD COLUMN arrives_ms INTEGER;  -- since boot, at the latest; NULL: boot_ms
ALTER TABLE identify_log ADD COLUMN answered INTEGER NOT NULL DEFAULT 1;
)sql";

// Goes with its operation's end.
constexpr std::string_view guild_cuts = R"sql(
CREATE TABLE guild_cut(
  rollout INTEGER NOT NULL REFERENCES rollout(id) ON DELETE CASCADE,
  guild_id INTEGER NOT NULL,
  bot TEXT NOT NULL,
  shard_count INTEGER NOT NULL,
  shard_index INTEGER NOT NULL,
  session_id TEXT NOT NULL,
  account TEXT NOT NULL,
  PRIMARY KEY(rollout, guild_id)) STRICT, WITHOUT ROWID;
)sql";

constexpr std::array migrations{migration{.version = 1, .readable_from = 1, .sql = sessions},
                                migration{.version = 2, .readable_from = 1, .sql = data_schema},
                                migration{.version = 3, .readable_from = 1, .sql = effects},
                                migration{.version = 4, .readable_from = 1, .sql = nodes},
                                migration{.version = 5, .readable_from = 1, .sql = rollouts},
                                migration{.version = 6, .readable_from = 1, .sql = identify_budgets},
                                migration{.version = 7, .readable_from = 1, .sql = guild_cuts},
                                migration{.version = 8, .readable_from = 1, .sql = arrivals},
                                migration{.version = 9, .readable_from = 1, .sql = record_schema}};

}  // namespace

component_tables store_tables() {
  return {.component = "store", .migrations = migrations};
}

}  // namespace guildfleet::store
