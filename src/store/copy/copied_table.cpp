#include "store/copy/copied_table.hpp"

#include <algorithm>

namespace guildfleet::store {
namespace {

using role = column_role;
using type = column_type;

copied_column key(std::string_view name, type of = type::text) {
  return {name, of, role::key};
}
copied_column value(std::string_view name, type of = type::text) {
  return {name, of, role::value};
}

// Under the target's own leases a new owner begins: any epoch of theirs may write over epoch 0.
copied_table session_ledger() {
  return {.name = "session_ledger",
          .columns = {key("bot"), key("shard_count", type::integer), key("shard_index", type::integer),
                      value("session_id"), value("resume_url"), value("sequence", type::integer),
                      value("intents", type::integer), value("token_fingerprint")},
          .filled = {{"epoch", "0"}}};
}

copied_table identify_log(dialect of) {
  copied_table table{
      .name = "identify_log",
      .columns = {key("bot"), key("shard_count", type::integer), key("shard_index", type::integer),
                  key(of == dialect::sqlite ? "wall_ms" : "at_ms", type::integer)}};
  // Of no boot of this machine: then the time of day counts.
  if (of == dialect::sqlite) table.filled = {{"boot_id", "''"}, {"boot_ms", "0"}};
  return table;
}

copied_table settings() {
  return {.name = "settings",
          .columns = {key("environment"), key("guild_id", type::integer), key("feature"),
                      value("version", type::integer), value("document"), value("who"), value("origin"),
                      value("changed_ms", type::integer)},
          .numbered = true};
}

copied_table settings_audit() {
  return {.name = "settings_audit",
          .columns = {{"id", type::integer, role::order},
                      key("environment"),
                      key("guild_id", type::integer),
                      key("feature"),
                      key("version", type::integer),
                      value("before"),
                      value("after"),
                      value("who"),
                      value("origin"),
                      value("at_ms", type::integer)}};
}

copied_table job() {
  return {
      .name = "job",
      .columns = {key("environment"), key("bot"), key("key"), value("kind"), value("guild_id", type::integer),
                  value("due_ms", type::integer), value("payload", type::bytes), value("state"),
                  value("fence", type::integer), value("attempts", type::integer), value("last_error"),
                  value("node"), value("lease_until_ms", type::integer), value("created_ms", type::integer),
                  value("first_begun_ms", type::integer)}};
}

copied_table record() {
  return {.name = "record",
          .columns = {key("environment"), key("guild_id", type::integer), key("feature"), key("bot"),
                      key("kind"), key("key"), value("value", type::bytes), value("version", type::integer),
                      value("sort", type::integer), value("created_ms", type::integer),
                      value("changed_ms", type::integer), value("expires_ms", type::integer)},
          .of_fleet = true};
}
copied_table record_counter() {
  return {.name = "record_counter",
          .columns = {key("environment"), key("guild_id", type::integer), key("feature"), key("bot"),
                      key("name"), value("value", type::integer)},
          .of_fleet = true};
}

// The release that a bot is at goes along, so that its next rollout starts from there, and so do the reasons
// that persons gave. Rollouts stay behind: one that is active is of the nodes of the source, and no bot moves
// while it runs; their events and samples say nothing without them.
copied_table settled_release() {
  return {.name = "settled_release", .columns = {key("bot"), value("release")}};
}
copied_table identify_permission() {
  return {.name = "identify_permission",
          .columns = {{"id", type::integer, role::order},
                      key("bot"),
                      key("granted_ms", type::integer),
                      key("until_ms", type::integer),
                      key("who"),
                      value("reason")}};
}

}  // namespace

bool copied_table::has(std::string_view column) const {
  return std::ranges::find(columns, column, &copied_column::name) != columns.end();
}

std::vector<copied_table> copied_tables(dialect of) {
  return {
      session_ledger(),
      {.name = "guild_state",
       .columns = {key("bot"), key("guild_id", type::integer), value("state", type::bytes)}},
      identify_log(of),
      settled_release(),
      identify_permission(),
      settings(),
      settings_audit(),
      job(),
      record(),
      record_counter(),
      {.name = "feature_use",
       .columns = {key("environment"), key("day"), key("bot"), key("feature"), value("uses", type::integer)}},
      {.name = "api_token",
       .columns = {key("name"), value("hash", type::bytes), value("scopes", type::integer),
                   value("created_ms", type::integer), value("expires_ms", type::integer)}}};
}

}  // namespace guildfleet::store
