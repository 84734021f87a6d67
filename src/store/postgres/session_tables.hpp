// The tables of store.hpp on PostgreSQL: statements as functions over a transaction. They throw sql_failure.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "store/postgres/connection_pool.hpp"
#include "store/store.hpp"

namespace guildfleet::store {

// Who asks, and since when by the store's clock.
struct asking_node {
  node_identity identity;
  std::int64_t opened_ms = 0;
};

// One statement each that reads the store's clock once.
[[nodiscard]] base::result<acquire_outcome> acquire_lease(sql_transaction& transaction,
                                                          const asking_node& node, const lease_key& key,
                                                          std::chrono::milliseconds ttl);
// Rows are locked in the order of the keys, here and in renewing and releasing. A second statement looks for
// a twin when not all are granted.
[[nodiscard]] base::result<std::vector<lease>> acquire_leases(sql_transaction& transaction,
                                                              const asking_node& node,
                                                              std::span<const lease_key> keys,
                                                              std::chrono::milliseconds ttl);
[[nodiscard]] std::vector<lease> renew_leases(sql_transaction& transaction, const node_identity& node,
                                              std::span<const lease_key> keys, std::chrono::milliseconds ttl);
void release_leases(sql_transaction& transaction, const node_identity& node, std::span<const lease_key> keys);
[[nodiscard]] std::optional<lease> transfer_lease(sql_transaction& transaction, const node_identity& node,
                                                  const lease_key& key, std::uint64_t epoch,
                                                  const node_identity& to, std::chrono::milliseconds ttl);

struct attended_fleet {
  fleet_picture picture;
  std::int64_t term_end_ms = 0;  // by the store's clock, unless this node attends again
};
// `term_end_ms` is that of the last time; 0: there was none.
[[nodiscard]] base::result<attended_fleet> attend_fleet(sql_transaction& transaction, const asking_node& node,
                                                        const node_report& report,
                                                        std::chrono::milliseconds ttl,
                                                        std::int64_t term_end_ms);
[[nodiscard]] fleet_picture survey_fleet(sql_transaction& transaction);
[[nodiscard]] bool ask_node_to_drain(sql_transaction& transaction, const std::string& node, bool drain);
void leave_fleet(sql_transaction& transaction, const node_identity& node);

[[nodiscard]] write_outcome save_session(sql_transaction& transaction, const lease_key& key,
                                         const session_row& row, std::span<const guild_change> guilds);
[[nodiscard]] std::optional<session_row> load_session(sql_transaction& transaction, const lease_key& key);
[[nodiscard]] std::vector<guild_blob> load_guild_states(sql_transaction& transaction, const lease_key& key);

[[nodiscard]] claimed_identify claim_identify_slot(sql_transaction& transaction, const node_identity& node,
                                                   const lease_key& key, const identify_claim& claim);
void note_identify_answer(sql_transaction& transaction, std::int64_t id, std::chrono::milliseconds ago);
void forget_identify(sql_transaction& transaction, std::int64_t id);
void write_identify_budget(sql_transaction& transaction, const bot_name& bot, const identify_budget& budget,
                           std::chrono::milliseconds age);
[[nodiscard]] identify_history read_identifies(sql_transaction& transaction, const node_identity& node,
                                               const bot_name& bot);

[[nodiscard]] announced_effect announce_effect(sql_transaction& transaction, const effect_key& key);
void conclude_effect(sql_transaction& transaction, const effect_key& key, const std::string& outcome);
// Those of the session up to the sequence, and old ones.
void forget_effects(sql_transaction& transaction, const lease_key& shard, const std::string& session,
                    std::uint64_t sequence);

// The store over them; one moment of the store's clock is read at once.
[[nodiscard]] base::result<std::unique_ptr<store>> make_session_store(std::shared_ptr<connection_pool> pool,
                                                                      node_identity node);

}  // namespace guildfleet::store
