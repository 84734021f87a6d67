// The interfaces of a store. Every call is one transaction and blocks; a SQLite store is called from one
// thread at a time, a PostgreSQL store from as many as it has connections (see store_executor). A store
// object belongs to one node, told when it is opened. No call throws: what can fail is a store_error with the
// file or server, the reason and the fix; after an error nothing of that call is kept.
#pragma once

#include <chrono>
#include <span>

#include "base/result.hpp"
#include "store/fleet_rows.hpp"
#include "store/identify_rows.hpp"
#include "store/rollout_store.hpp"
#include "store/rows.hpp"

namespace guildfleet::store {

// Who runs which shard, and which nodes there are to run them. Expiry is by the store's clock: CLOCK_BOOTTIME
// and the boot id in a local file, clock_timestamp() in a server.
class lease_store {
 public:
  virtual ~lease_store() = default;

  // Granted when the shard is free, expired, already ours, or its owner is proven dead (a local store proves
  // it by the owner's file lock). Error bot_runs_twice: the owner lives and has our node name.
  [[nodiscard]] virtual base::result<acquire_outcome> acquire(const lease_key& key,
                                                              std::chrono::milliseconds ttl) = 0;

  // acquire() for each of `keys`, together; returns what is granted. Nodes that ask at once get disjoint
  // sets, and never wait for one another in a circle. Error bot_runs_twice: as acquire(), and nothing is
  // granted.
  [[nodiscard]] virtual base::result<std::vector<lease>> acquire_all(std::span<const lease_key> keys,
                                                                     std::chrono::milliseconds ttl) = 0;

  // Extends, with one statement, those of `keys` that this node still owns, expired or not, and returns them
  // with their epochs. A key that does not come back has another owner.
  [[nodiscard]] virtual base::result<std::vector<lease>> renew_all(std::span<const lease_key> keys,
                                                                   std::chrono::milliseconds ttl) = 0;

  // Gives up those of `keys` that this node owns. The next acquire gets a new epoch.
  [[nodiscard]] virtual base::result<void> release(std::span<const lease_key> keys) = 0;

  // Hands a shard over: when this node owns it under exactly `epoch`, expired or not, and `to` attends and
  // does not drain, `to` owns it from now on for `ttl`, under the returned lease. Otherwise nothing changes
  // and nullopt is returned.
  [[nodiscard]] virtual base::result<std::optional<lease>> transfer(const lease_key& key, std::uint64_t epoch,
                                                                    const node_identity& to,
                                                                    std::chrono::milliseconds ttl) = 0;

  // Says that this node lives for `ttl` more and what it serves, and looks: at all nodes that live, this one
  // included, and at the leases and releases of what it serves; of the same bots under another number of
  // shards, at those that somebody owns. Error bot_runs_twice: another process with our node name lives,
  // proven as for acquire(). On a server, where a predecessor's death shows only when its term is over, a
  // newcomer that came during our term has taken our name too early: we take it back, it is told.
  [[nodiscard]] virtual base::result<fleet_picture> attend(const node_report& report,
                                                           std::chrono::milliseconds ttl) = 0;
  // Looks without saying anything: all nodes that live, all leases and releases.
  [[nodiscard]] virtual base::result<fleet_picture> survey() = 0;
  // A person wants that node to drain, or no longer: it learns of it when it attends. False: no node of that
  // name lives.
  [[nodiscard]] virtual base::result<bool> ask_to_drain(const std::string& node, bool drain) = 0;
  // This node is gone from the pictures at once, and what it still owned is free.
  [[nodiscard]] virtual base::result<void> leave() = 0;
  // Whether somebody else has this store open just now: only then is there anybody to share with.
  // Any thread; does not wait for anything.
  [[nodiscard]] virtual bool has_company() = 0;
};

// Where a successor resumes. Rows of different shard counts stand side by side.
class session_ledger {
 public:
  virtual ~session_ledger() = default;

  // Writes the row and the guilds that changed since the last save together, so that stored state is never
  // older than the stored sequence. Fenced by row.epoch.
  [[nodiscard]] virtual base::result<write_outcome> save(const lease_key& key, const session_row& row,
                                                         std::span<const guild_change> guilds) = 0;
  [[nodiscard]] virtual base::result<std::optional<session_row>> load(const lease_key& key) = 0;
  // The session is gone: nobody shall try to resume it. Guild states stay. Fenced by `epoch`.
  [[nodiscard]] virtual base::result<write_outcome> forget(const lease_key& key, std::uint64_t epoch) = 0;
};

// Guild states, written by session_ledger::save.
class guild_state_store {
 public:
  virtual ~guild_state_store() = default;

  // The guilds that fall on this shard by discord::shard_of, whatever shard count they were written under,
  // ordered by id.
  [[nodiscard]] virtual base::result<std::vector<guild_blob>> load_guilds(const lease_key& key) = 0;
};

// Identifies of the last day and the day's budget, so that neither a restart nor a second process forgets
// what Discord counts.
class identify_log {
 public:
  virtual ~identify_log() = default;

  // Records an identify that is about to be sent; or, when another of the same bucket (shard index %
  // max_concurrency) may have arrived less than `spacing` ago, or no more than `keep_back` of the day's
  // budget are left, records nothing and tells that. Recorded before it is sent: a crash in between counts
  // one too many, never one too few. Until identify_answered() the last moment counts at which it may arrive,
  // and who asks is told to look again before that.
  [[nodiscard]] virtual base::result<claimed_identify> claim_identify(const lease_key& key,
                                                                      const identify_claim& claim) = 0;
  // Discord answered, `ago` ago, what was recorded under this id: that is when it counts from.
  [[nodiscard]] virtual base::result<void> identify_answered(std::int64_t id,
                                                             std::chrono::milliseconds ago) = 0;
  // It was not sent and will not be: it counts for nothing.
  [[nodiscard]] virtual base::result<void> identify_not_sent(std::int64_t id) = 0;
  // Discord was asked `age` ago and said this. What was recorded since counts on top, whether or not
  // Discord had seen it by then. Does nothing when another was asked later.
  [[nodiscard]] virtual base::result<void> note_identify_budget(const bot_name& bot,
                                                                const identify_budget& budget,
                                                                std::chrono::milliseconds age) = 0;
  [[nodiscard]] virtual base::result<identify_history> identifies(const bot_name& bot) = 0;
};

// Announced before they are done, so that a successor knows what may have been done. Kept until the stored
// sequence of their session has passed them, and at most 8 days.
class effect_log {
 public:
  virtual ~effect_log() = default;

  // The first call for a key records it; later ones tell what is known.
  [[nodiscard]] virtual base::result<announced_effect> announce(const effect_key& key) = 0;
  // It took effect; `outcome`, never empty, is for who announces it again: the id of what was made.
  [[nodiscard]] virtual base::result<void> conclude(const effect_key& key, const std::string& outcome) = 0;
};

class store : public lease_store,
              public session_ledger,
              public guild_state_store,
              public identify_log,
              public effect_log,
              public rollout_store,
              public guild_cut_store,
              public identify_permission_store {};

}  // namespace guildfleet::store
