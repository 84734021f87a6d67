// The tables of data_store.hpp; names and columns are those of the PostgreSQL store.
#pragma once

#include <string_view>

namespace guildfleet::store {

// `change` orders the settings rows of an environment by commit.
inline constexpr std::string_view data_schema = R"sql(
CREATE TABLE settings(
  environment TEXT NOT NULL,
  guild_id INTEGER NOT NULL,
  feature TEXT NOT NULL,
  version INTEGER NOT NULL,
  document TEXT,                 -- NULL when reset; the row stays for its version
  who TEXT NOT NULL,
  origin TEXT NOT NULL,
  changed_ms INTEGER NOT NULL,
  change INTEGER NOT NULL,
  PRIMARY KEY(environment, guild_id, feature)) STRICT;
CREATE INDEX settings_by_change ON settings(environment, change);
CREATE TABLE change_counter(
  environment TEXT PRIMARY KEY,
  value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE settings_audit(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  environment TEXT NOT NULL,
  guild_id INTEGER NOT NULL,
  feature TEXT NOT NULL,
  version INTEGER NOT NULL,
  before TEXT,
  after TEXT,
  who TEXT NOT NULL,
  origin TEXT NOT NULL,
  at_ms INTEGER NOT NULL) STRICT;
CREATE INDEX settings_audit_by_guild ON settings_audit(environment, guild_id, id);
CREATE INDEX settings_audit_by_time ON settings_audit(environment, at_ms);
CREATE TABLE job(
  environment TEXT NOT NULL,
  bot TEXT NOT NULL,
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  guild_id INTEGER NOT NULL,     -- 0: of no guild
  due_ms INTEGER NOT NULL,
  payload BLOB NOT NULL,
  state TEXT NOT NULL,           -- waiting, leased, dead
  fence INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  last_error TEXT NOT NULL,
  node TEXT NOT NULL,
  lease_until_ms INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  first_begun_ms INTEGER,        -- NULL: not begun yet
  PRIMARY KEY(environment, bot, key)) STRICT;
CREATE INDEX job_by_due ON job(environment, bot, due_ms) WHERE state <> 'dead';
CREATE INDEX job_by_lease ON job(environment, bot, lease_until_ms) WHERE state = 'leased';
CREATE TABLE bot_presence(
  environment TEXT NOT NULL,
  bot TEXT NOT NULL,
  priority INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,
  PRIMARY KEY(environment, bot)) STRICT, WITHOUT ROWID;
CREATE TABLE bot_guild(
  environment TEXT NOT NULL,
  bot TEXT NOT NULL,
  guild_id INTEGER NOT NULL,
  PRIMARY KEY(environment, bot, guild_id)) STRICT, WITHOUT ROWID;
CREATE INDEX bot_guild_by_guild ON bot_guild(environment, guild_id);
CREATE TABLE feature_claim(
  environment TEXT NOT NULL,
  guild_id INTEGER NOT NULL,
  feature TEXT NOT NULL,
  bot TEXT NOT NULL,
  PRIMARY KEY(environment, guild_id, feature)) STRICT, WITHOUT ROWID;
CREATE TABLE api_token(
  name TEXT PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  scopes INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE feature_use(
  environment TEXT NOT NULL,
  bot TEXT NOT NULL,
  feature TEXT NOT NULL,
  day TEXT NOT NULL,             -- YYYY-MM-DD, UTC
  uses INTEGER NOT NULL,
  PRIMARY KEY(environment, day, bot, feature)) STRICT, WITHOUT ROWID;
)sql";

// Of features. Their keys are ASCII, ordered by bytes.
inline constexpr std::string_view record_schema = R"sql(
CREATE TABLE record(
  environment TEXT NOT NULL,
  guild_id INTEGER NOT NULL,     -- 0: of no guild
  feature TEXT NOT NULL,
  bot TEXT NOT NULL,             -- '': of the fleet
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  version INTEGER NOT NULL,
  sort INTEGER,
  created_ms INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL,
  expires_ms INTEGER,            -- NULL: never
  PRIMARY KEY(environment, guild_id, feature, bot, kind, key)) STRICT;
CREATE INDEX record_by_sort ON record(environment, guild_id, feature, bot, kind, sort, key)
  WHERE sort IS NOT NULL;
CREATE INDEX record_by_expiry ON record(environment, expires_ms) WHERE expires_ms IS NOT NULL;
CREATE TABLE record_counter(
  environment TEXT NOT NULL,
  guild_id INTEGER NOT NULL,
  feature TEXT NOT NULL,
  bot TEXT NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,        -- the last number that was given out
  PRIMARY KEY(environment, guild_id, feature, bot, name)) STRICT, WITHOUT ROWID;
)sql";

}  // namespace guildfleet::store
