// The way of a join or leave from its event to the log, over the store: noted with its member at once, put
// into a batch with the others of its burst, and posted by a timer. A process may die between any two steps.
#pragma once

#include <set>

#include "features/feature.hpp"
#include "features/guild_reports.hpp"
#include "features/member_log/burst.hpp"

namespace guildfleet::features::member_logs {

// One per shard, on its reactor; the services outlive it.
class log_desk final {
 public:
  explicit log_desk(const shard_services& services);

  // Writes down what is known of the member, and the event when it is `wanted` in the log. False: it was
  // noted before. Errors: those of the records.
  [[nodiscard]] net::task<base::result<bool>> note(discord::guild_id guild, entry event, bool wanted);

  // Makes batches of all that was noted, with one look at the invites, and timers that post them. False: it
  // could not, and is to be tried again.
  [[nodiscard]] net::task<bool> log_burst(discord::guild_id guild);

  // Timers of these guilds for what an earlier process left, and for the first count of invites. False: the
  // store could not be read.
  [[nodiscard]] net::task<bool> take_up(std::vector<discord::guild_id> guilds,
                                        std::set<discord::guild_id> with_invites);
  // A timer, for when there is no moment left for the burst. False: it could not.
  [[nodiscard]] net::task<bool> schedule_burst(discord::guild_id guild);

  [[nodiscard]] net::task<jobs::job_outcome> on_job(job_call call);

  // What the bot lacks to look at the invites of the guild.
  [[nodiscard]] discord::permission_set missing_for_invites(discord::guild_id guild) const;

 private:
  struct noted_burst {
    std::vector<store::record> rows{};
    used_invites invites{};
    std::vector<store::record_change> counted{};  // written with the first batch
  };

  [[nodiscard]] net::task<base::result<noted_burst>> read_burst(discord::guild_id guild, bool with_invites);
  [[nodiscard]] net::task<> look_at_invites(discord::guild_id guild, noted_burst& burst);
  [[nodiscard]] net::task<std::optional<invite_counts>> fetch_counts(discord::guild_id guild);
  [[nodiscard]] net::task<bool> make_batch(discord::guild_id guild, noted_burst& burst, std::size_t from,
                                           std::size_t count, bool alone);
  [[nodiscard]] net::task<bool> forget_pending(std::vector<store::record> rows);
  // The first one that is not posted yet, if there is one.
  [[nodiscard]] net::task<bool> schedule_next_batch(discord::guild_id guild);
  [[nodiscard]] net::task<jobs::job_outcome> go_on_behind_batch(discord::guild_id guild);
  [[nodiscard]] net::task<bool> schedule(discord::guild_id guild, std::string_view what);
  // Both, as a mark without counts would be in the way of the first count, and counts without a mark stay
  // when the log is switched off.
  [[nodiscard]] net::task<base::result<std::vector<store::record_change>>> counts_and_mark(
      discord::guild_id guild, std::optional<store::record> counts, invite_counts now);
  [[nodiscard]] net::task<bool> forget_counts(std::vector<store::record> marks);
  [[nodiscard]] net::task<jobs::job_outcome> count_invites(discord::guild_id guild);
  [[nodiscard]] net::task<jobs::job_outcome> post_batch(job_call call);
  [[nodiscard]] net::task<base::result<bool>> post_all(job_call call, std::string batch, log_options options);

  shard_services services_;
  guild_reporter reporter_;
};

}  // namespace guildfleet::features::member_logs
