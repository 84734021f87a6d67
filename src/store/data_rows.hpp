// What a data store keeps, as plain values: settings and who changed them, jobs, claims, tokens, counts.
// Times are wall times by the store's clock.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"
#include "store/rows.hpp"

namespace guildfleet::store {

// Sets of data that do not see each other in one database: production, test.
struct environment_name {
  std::string value = "production";
  auto operator<=>(const environment_name&) const = default;
};

// Settings belong to a guild, not to a bot: whichever bot of the fleet has claimed the feature follows them.
struct settings_key {
  environment_name environment;
  discord::guild_id guild;
  std::string feature;
  auto operator<=>(const settings_key&) const = default;
};

enum class change_origin { command, api, import, cli, undo };
[[nodiscard]] std::string_view name_of(change_origin value);  // "command"
[[nodiscard]] std::optional<change_origin> parse_change_origin(std::string_view name);

// Who changes something, and by which way.
struct change_author {
  std::string who;  // a user's id, a token's name, a login on the command line
  change_origin origin = change_origin::command;
  bool operator==(const change_author&) const = default;
};

// `version` starts at 1, grows by one with each change and never starts again: a reset row stays, without a
// document.
struct settings_row {
  settings_key key;
  std::uint64_t version = 0;            // 0: nothing was ever set
  std::optional<std::string> document;  // a JSON object; nullopt: never set, or reset
  change_author author;
  base::wall_time changed_at{};
  bool operator==(const settings_row&) const = default;
};

// A compare-and-set: written only while the row still has `expected_version` (0: there is no row).
struct settings_change {
  settings_key key;
  std::uint64_t expected_version = 0;
  std::optional<std::string> document;  // nullopt: reset
  bool operator==(const settings_change&) const = default;
};

// Somebody was faster; nothing was written. `current` tells what is there now, who wrote it and when.
struct settings_conflict {
  settings_row current;
  bool operator==(const settings_conflict&) const = default;
};

using change_outcome = std::variant<std::vector<settings_row>, settings_conflict>;

// One change as it was made. Ids grow in the order of the changes of one row.
struct audit_row {
  std::uint64_t id = 0;
  settings_key key;
  std::uint64_t version = 0;          // after the change
  std::optional<std::string> before;  // documents
  std::optional<std::string> after;
  change_author author;
  base::wall_time at{};
  bool operator==(const audit_row&) const = default;
};

struct audit_filter {
  environment_name environment;
  discord::guild_id guild;
  std::string feature;          // "": all of them
  std::uint64_t before_id = 0;  // only older ones; 0: from the newest
  std::uint32_t limit = 50;
};

// Which rows changed; the cursor is the store's own and goes into the next call. A change may be told twice,
// never left out.
struct changed_settings {
  settings_key key;
  std::uint64_t version = 0;
  bool operator==(const changed_settings&) const = default;
};
struct change_page {
  std::vector<changed_settings> changes;
  std::int64_t cursor = 0;
};

// Unique among a bot's jobs; what schedules the same thing twice uses the same key.
struct job_key {
  environment_name environment;
  bot_name bot;
  std::string key;  // at most 200 bytes
  auto operator<=>(const job_key&) const = default;
};

struct job_plan {
  job_key key;
  std::string kind;         // names the handler, "feature/what"
  discord::guild_id guild;  // empty: any node of the bot may run it
  base::wall_time due{};
  std::string payload;  // the handler's own, at most 64 KiB
  bool operator==(const job_plan&) const = default;
};

enum class job_state { waiting, leased, dead };
[[nodiscard]] std::string_view name_of(job_state value);
[[nodiscard]] std::optional<job_state> parse_job_state(std::string_view name);

struct job_row {
  job_plan plan;
  job_state state = job_state::waiting;
  std::uint32_t attempts = 0;  // begun
  std::string last_error;
  std::string node;  // that holds it, while leased
  base::wall_time created_at{};
  bool operator==(const job_row&) const = default;
};

// The right to run a job until its lease ends; `fence` changes with each claim.
struct claimed_job {
  job_plan plan;
  std::uint64_t fence = 0;
  std::uint32_t attempt = 1;
  // Of the first attempt of this run: what Discord may have forgotten is counted from here.
  base::wall_time first_begun_at{};
  // What this run does may have been done: it was begun before. A dead job that waits again has its attempts
  // back, and this all the same.
  bool begun_before = false;
  bool operator==(const claimed_job&) const = default;
};

// The jobs that a node may claim: those of the guilds on its shards, and those of no guild.
struct job_scope {
  environment_name environment;
  bot_name bot;
  std::uint32_t shard_count = 1;
  std::vector<std::uint32_t> shards;  // those that this node holds
};

enum class schedule_mode {
  // A dead job of this key gets the new time and payload, and its attempts again; beside that:
  keep,            // any other stays as it is
  replace,         // so does a waiting one; a leased one stays
  replace_unbegun  // so does a waiting one that was never begun; any other stays
};
enum class schedule_outcome { scheduled, replaced, kept };

struct job_filter {
  environment_name environment;
  std::optional<bot_name> bot;
  std::optional<job_state> state;
  std::optional<discord::guild_id> guild;
  std::uint32_t limit = 100;  // soonest first
};

struct job_count {
  bot_name bot;
  std::uint64_t waiting = 0;
  std::uint64_t due = 0;  // of those waiting
  std::uint64_t leased = 0;
  std::uint64_t dead = 0;
  bool operator==(const job_count&) const = default;
};

// Which bot acts for a feature in a guild.
struct feature_claim {
  discord::guild_id guild;
  std::string feature;
  bot_name bot;
  bool taken = false;  // by this very call, from another bot, which may not know yet
  bool operator==(const feature_claim&) const = default;
};

struct claim_request {
  environment_name environment;
  bot_name bot;
  std::int32_t priority = 0;  // higher wins
  std::vector<discord::guild_id> guilds;
  std::vector<std::string> features;
  std::chrono::milliseconds down_limit{60'000};  // a bot not seen for longer loses its claims to others
};

enum class token_scope : std::uint8_t { read = 1, config = 2, admin = 4 };
[[nodiscard]] std::string_view name_of(token_scope value);
[[nodiscard]] std::optional<token_scope> parse_token_scope(std::string_view name);

// The token itself is never stored.
struct token_row {
  std::string name;                     // unique
  std::array<std::uint8_t, 32> hash{};  // SHA-256 of the token
  std::uint8_t scopes = 0;              // of token_scope, or-ed
  base::wall_time created_at{};
  std::optional<base::wall_time> expires_at;
  bool operator==(const token_row&) const = default;
};

struct feature_use {
  bot_name bot;
  std::string feature;
  std::uint64_t uses = 0;
  bool operator==(const feature_use&) const = default;
};

// Counts over the bots of one environment.
struct fleet_counts {
  struct bot_guilds {
    bot_name bot;
    std::uint64_t guilds = 0;
    bool operator==(const bot_guilds&) const = default;
  };
  struct overlap {
    bot_name first;
    bot_name second;
    std::uint64_t guilds = 0;  // where both are
    bool operator==(const overlap&) const = default;
  };
  struct day {
    std::string date;  // YYYY-MM-DD, UTC
    std::uint64_t changes = 0;
    bool operator==(const day&) const = default;
  };
  std::vector<bot_guilds> guilds;
  std::vector<overlap> overlaps;
  std::vector<feature_use> uses;  // of the last 30 days
  std::vector<job_count> jobs;
  std::vector<day> changes;  // of the last 30 days, only days that had some
};

}  // namespace guildfleet::store
