// The statements behind sqlite_store, one set of functions per interface. They may throw SQLite::Exception;
// the store guards them. Each opens its own transaction.
#pragma once

#include <SQLiteCpp/Database.h>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "store/sqlite/life_lock.hpp"
#include "store/sqlite/sql_values.hpp"
#include "store/store.hpp"

namespace guildfleet::store {

// What belongs to one call; nothing in it outlives the call.
struct sqlite_context {
  SQLite::Database& database;
  const std::string& path;
  const node_identity& node;
  const std::string& boot_id;
  const life_lock& lock;
  std::chrono::milliseconds boot_opened;  // when this store was opened, since boot
  std::chrono::milliseconds boot_now;     // since boot: leases and nodes
  base::wall_time wall_now;               // identifies, which a reboot does not undo
};

[[nodiscard]] base::result<acquire_outcome> acquire_lease(const sqlite_context& context, const lease_key& key,
                                                          std::chrono::milliseconds ttl);
[[nodiscard]] base::result<std::vector<lease>> acquire_leases(const sqlite_context& context,
                                                              std::span<const lease_key> keys,
                                                              std::chrono::milliseconds ttl);
[[nodiscard]] std::vector<lease> renew_leases(const sqlite_context& context, std::span<const lease_key> keys,
                                              std::chrono::milliseconds ttl);
void release_leases(const sqlite_context& context, std::span<const lease_key> keys);
[[nodiscard]] std::optional<lease> transfer_lease(const sqlite_context& context, const lease_key& key,
                                                  std::uint64_t epoch, const node_identity& to,
                                                  std::chrono::milliseconds ttl);
// All, or those of a serves_as_json(). Within the caller's transaction.
[[nodiscard]] std::vector<lease_row> read_lease_rows(const sqlite_context& context,
                                                     const std::optional<std::string>& serves);

[[nodiscard]] base::result<fleet_picture> attend_fleet(const sqlite_context& context,
                                                       const node_report& report,
                                                       std::chrono::milliseconds ttl);
[[nodiscard]] fleet_picture survey_fleet(const sqlite_context& context);
[[nodiscard]] bool ask_node_to_drain(const sqlite_context& context, const std::string& node, bool drain);
void leave_fleet(const sqlite_context& context);

[[nodiscard]] write_outcome save_session(const sqlite_context& context, const lease_key& key,
                                         const session_row& row, std::span<const guild_change> guilds);
[[nodiscard]] std::optional<session_row> load_session(SQLite::Database& database, const lease_key& key);
[[nodiscard]] std::vector<guild_blob> load_guild_states(SQLite::Database& database, const lease_key& key);

[[nodiscard]] claimed_identify claim_identify_slot(const sqlite_context& context, const lease_key& key,
                                                   const identify_claim& claim);
void note_identify_answer(const sqlite_context& context, std::int64_t id, std::chrono::milliseconds ago);
void forget_identify(const sqlite_context& context, std::int64_t id);
void write_identify_budget(const sqlite_context& context, const bot_name& bot, const identify_budget& budget,
                           std::chrono::milliseconds age);
[[nodiscard]] announced_effect announce_effect(const sqlite_context& context, const effect_key& key);
void conclude_effect(const sqlite_context& context, const effect_key& key, const std::string& outcome);
// Those of the session up to the sequence, and old ones. Within the caller's transaction.
void forget_effects(const sqlite_context& context, const lease_key& shard, const std::string& session,
                    std::uint64_t sequence);

[[nodiscard]] identify_history read_identifies(const sqlite_context& context, const bot_name& bot);

}  // namespace guildfleet::store
