// The interfaces of what a fleet keeps besides its gateway sessions: settings, jobs, records, claims, tokens,
// counts.
// Sessions and leases (store.hpp) may lie in another database: a fleet on one machine keeps those beside it.
//
// Every call is one transaction and blocks; a SQLite store is called from one thread at a time, a PostgreSQL
// store from as many as its pool has connections (see store_executor). No call throws: what can fail is a
// store_error with the file or server, the reason and the fix; after an error nothing of that call is kept,
// or, when the connection broke at commit (outcome_unknown), the caller reads again before it repeats.
#pragma once

#include <memory>
#include <span>

#include "base/result.hpp"
#include "store/data_rows.hpp"
#include "store/record_rows.hpp"

namespace guildfleet::store {

class settings_store {
 public:
  virtual ~settings_store() = default;

  // A row that was never set has version 0 and no document.
  [[nodiscard]] virtual base::result<settings_row> read_settings(const settings_key& key) = 0;
  // Every row of the guild that was ever set, by feature name.
  [[nodiscard]] virtual base::result<std::vector<settings_row>> read_guild_settings(
      const environment_name& environment, discord::guild_id guild) = 0;

  // All of `changes` (each of another key) or, when the version of one differs, none of them. Writes an audit
  // row for each and tells listeners. The new rows come back in the order of `changes`.
  [[nodiscard]] virtual base::result<change_outcome> change_settings(std::span<const settings_change> changes,
                                                                     const change_author& author) = 0;

  // Newest first.
  [[nodiscard]] virtual base::result<std::vector<audit_row>> settings_history(const audit_filter& filter) = 0;
  [[nodiscard]] virtual base::result<std::optional<audit_row>> read_audit(const environment_name& environment,
                                                                          std::uint64_t id) = 0;

  // What changed since `cursor` (0: only the cursor to start from is wanted), at most `limit` of them. Cheap
  // when nothing did.
  [[nodiscard]] virtual base::result<change_page> changes_since(const environment_name& environment,
                                                                std::int64_t cursor, std::uint32_t limit) = 0;
};

class job_store {
 public:
  virtual ~job_store() = default;

  [[nodiscard]] virtual base::result<schedule_outcome> schedule(const job_plan& plan, schedule_mode mode) = 0;

  // The most overdue jobs of the scope that are waiting, or whose lease has ended, oldest due time first;
  // each is leased to `node` for `lease` and counts one more attempt. Two callers never get the same one.
  [[nodiscard]] virtual base::result<std::vector<claimed_job>> claim_jobs(
      const job_scope& scope, const std::string& node, std::uint32_t limit,
      std::chrono::milliseconds lease) = 0;
  // How long until claim_jobs may find something; nullopt: no job waits. Zero: now.
  [[nodiscard]] virtual base::result<std::optional<std::chrono::milliseconds>> next_due(
      const job_scope& scope) = 0;

  // The next five change a job only while `fence` is its newest claim; false: it is another's now.
  [[nodiscard]] virtual base::result<bool> extend_job(const job_key& key, std::uint64_t fence,
                                                      std::chrono::milliseconds lease) = 0;
  // It has run: the job is deleted.
  [[nodiscard]] virtual base::result<bool> finish_job(const job_key& key, std::uint64_t fence) = 0;
  // It failed, or is to run again: waits until `due`. Without an `error` it has done its work, and what comes
  // is a new run: attempts and first_begun_at begin anew.
  [[nodiscard]] virtual base::result<bool> postpone_job(const job_key& key, std::uint64_t fence,
                                                        base::wall_time due, const std::string& error) = 0;
  // It was cut off, or could not begin, through no fault of its own: waits until `due`, and this attempt does
  // not count.
  [[nodiscard]] virtual base::result<bool> put_back_job(const job_key& key, std::uint64_t fence,
                                                        base::wall_time due, const std::string& why) = 0;
  // It failed for good and waits for a person.
  [[nodiscard]] virtual base::result<bool> bury_job(const job_key& key, std::uint64_t fence,
                                                    const std::string& error) = 0;

  [[nodiscard]] virtual base::result<std::vector<job_row>> list_jobs(const job_filter& filter) = 0;
  // A dead job waits again, due now, with its attempts back; first_begun_at stays, as it is the same run.
  // False: there is no dead job of this key.
  [[nodiscard]] virtual base::result<bool> retry_job(const job_key& key) = 0;
  // Deletes a waiting or dead job; false: there is none (a leased one goes on).
  [[nodiscard]] virtual base::result<bool> cancel_job(const job_key& key) = 0;
};

// Callers keep to the limits of record_rows.hpp. A record that has expired is as one that is not there.
class record_store {
 public:
  virtual ~record_store() = default;

  // All of `changes`, or none when one of them is not possible.
  [[nodiscard]] virtual base::result<record_outcome> change_records(
      const record_space& space, std::span<const record_change> changes) = 0;
  [[nodiscard]] virtual base::result<std::optional<record>> read_record(const record_space& space,
                                                                        const record_key& key) = 0;
  [[nodiscard]] virtual base::result<record_page> list_records(const record_space& space,
                                                               const record_query& query) = 0;
  // 1, 2, 3, ... for each counter: never the same twice.
  [[nodiscard]] virtual base::result<std::uint64_t> next_number(const record_space& space,
                                                                discord::guild_id guild,
                                                                const std::string& counter) = 0;
  // Where one of `features` has settings in one of `guilds`, or records of the fleet or of this bot.
  [[nodiscard]] virtual base::result<std::vector<feature_of_guild>> features_in_use(
      const environment_name& environment, const bot_name& bot, std::span<const discord::guild_id> guilds,
      std::span<const std::string> features) = 0;
  // Up to `limit` records of all features, and with the last of them the counters, of this bot or (empty) of
  // the fleet. How many went; fewer than `limit`: that was all.
  [[nodiscard]] virtual base::result<std::uint64_t> delete_guild_records(const environment_name& environment,
                                                                         const bot_name& bot,
                                                                         discord::guild_id guild,
                                                                         std::uint32_t limit) = 0;
};

class claim_store {
 public:
  virtual ~claim_store() = default;

  // Says that the bot is up with this priority and is in `request.guilds`, claims each (guild, feature) that
  // is free, the bot's own, of a bot of lower priority, or of one not seen for `down_limit`, and returns who
  // owns each of them now. Between equal priorities the first keeps it.
  [[nodiscard]] virtual base::result<std::vector<feature_claim>> claim_features(
      const claim_request& request) = 0;
  // Whether somebody else has this store open just now: other bots may be claiming here.
  // Any thread; does not wait for anything.
  [[nodiscard]] virtual bool has_company() = 0;
  // Waiting jobs of other bots that were never begun become this bot's, where it has the claim of (guild, the
  // job's feature): timers follow the claim. What another has begun stays with it, and so does a key that
  // this bot uses too. How many there were.
  [[nodiscard]] virtual base::result<std::uint64_t> adopt_jobs(const environment_name& environment,
                                                               const bot_name& bot,
                                                               std::span<const discord::guild_id> guilds) = 0;
  // The bot has left the guild: its claims there are free.
  [[nodiscard]] virtual base::result<void> leave_guild(const environment_name& environment,
                                                       const bot_name& bot, discord::guild_id guild) = 0;
};

// What becomes of the data of guilds that bots have left.
class guild_data_store {
 public:
  virtual ~guild_data_store() = default;

  // Bots that are in the guild as far as they have told (claim_features, leave_guild), and were heard of
  // within this time.
  [[nodiscard]] virtual base::result<std::vector<bot_name>> bots_in_guild(
      const environment_name& environment, discord::guild_id guild,
      std::chrono::milliseconds heard_within) = 0;
  // Guilds of one shard that the bot was in as far as it has told.
  [[nodiscard]] virtual base::result<std::vector<discord::guild_id>> guilds_of_bot(
      const environment_name& environment, const bot_name& bot, discord::shard_id shard) = 0;
  // Up to `limit` waiting and dead timers of the bot in the guild; how many went.
  [[nodiscard]] virtual base::result<std::uint64_t> delete_guild_jobs(const environment_name& environment,
                                                                      const bot_name& bot,
                                                                      discord::guild_id guild,
                                                                      std::uint32_t limit) = 0;
  // Up to `limit` rows of the history of the guild's settings; how many went.
  [[nodiscard]] virtual base::result<std::uint64_t> delete_guild_history(const environment_name& environment,
                                                                         discord::guild_id guild,
                                                                         std::uint32_t limit) = 0;
};

class token_store {
 public:
  virtual ~token_store() = default;

  // Error already_exists: a token of this name is there.
  [[nodiscard]] virtual base::result<void> add_token(const token_row& token) = 0;
  // By hash, unless expired.
  [[nodiscard]] virtual base::result<std::optional<token_row>> find_token(
      const std::array<std::uint8_t, 32>& hash) = 0;
  [[nodiscard]] virtual base::result<std::vector<token_row>> list_tokens() = 0;
  [[nodiscard]] virtual base::result<bool> revoke_token(const std::string& name) = 0;
};

class count_store {
 public:
  virtual ~count_store() = default;

  // Adds to today's counts; called in batches.
  [[nodiscard]] virtual base::result<void> add_uses(const environment_name& environment,
                                                    std::span<const feature_use> uses) = 0;
  [[nodiscard]] virtual base::result<fleet_counts> read_counts(const environment_name& environment) = 0;
};

class data_store : public settings_store,
                   public job_store,
                   public record_store,
                   public claim_store,
                   public guild_data_store,
                   public token_store,
                   public count_store {};

}  // namespace guildfleet::store
