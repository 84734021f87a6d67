// Carries out warnings, time-outs, kicks and bans, and ends bans that were for a time.
#pragma once

#include "features/feature.hpp"
#include "features/moderation/case_book.hpp"
#include "features/moderation/mod_log.hpp"

namespace guildfleet::features {

struct sanction {
  mod_action what = mod_action::warn;
  discord::user_id member{};
  std::optional<std::chrono::seconds> lasts{};  // of time-outs and bans
  std::chrono::seconds delete_messages_of{0};   // of bans
  std::string reason{};
};

// Which ban a timer ends.
struct ban_timer {
  discord::user_id member;
  std::uint64_t number = 0;  // of its case
};

// One per shard, on its reactor; what it is given outlives it.
class sanction_desk final {
 public:
  sanction_desk(const shard_services& services, case_book& book, mod_log& log);

  // Checks, writes the case, does it, and tells everybody concerned.
  net::task<> carry_out(interaction_call call, sanction wanted);
  // A ban is due to end: it goes by what is noted of it.
  [[nodiscard]] net::task<jobs::job_outcome> end_ban(job_call call);
  // Somebody lifted a ban, in whatever way: its end is nobody's business any more.
  net::task<> on_unbanned(discord::guild_id guild, discord::user_id user);
  // Of the bans that end there: by timers of this bot from here on. False: they could not be read.
  net::task<bool> take_over_bans(std::vector<discord::guild_id> guilds);

 private:
  // False: it was told that it cannot be done.
  [[nodiscard]] net::task<bool> is_possible(interaction_call call, sanction wanted);
  // True: it was told that there is nothing to end. No case is opened for that.
  [[nodiscard]] net::task<bool> is_over_already(interaction_call call, sanction wanted);
  // Writes the case, unless an earlier attempt has, which died before it had told of it.
  [[nodiscard]] net::task<base::result<mod_case>> open(interaction_call call, sanction wanted);
  // False: the moderator was told why not. `again`: an earlier attempt died, and may have done it.
  [[nodiscard]] net::task<bool> perform(interaction_call call, mod_case one,
                                        std::chrono::seconds delete_messages_of, bool again);
  [[nodiscard]] net::task<base::result<void>> at_discord(discord::guild_id guild, mod_case one,
                                                         std::chrono::seconds delete_messages_of,
                                                         std::string by);
  [[nodiscard]] net::task<base::result<store::schedule_outcome>> keep_timer(discord::guild_id guild,
                                                                            discord::user_id member,
                                                                            std::uint64_t number,
                                                                            base::wall_time until,
                                                                            store::schedule_mode mode);
  net::task<> refuse(interaction_call call, mod_case opened, base::error why);
  net::task<> tell_unsure(interaction_call call, mod_case opened, base::error why);
  // True: there is a newer ban, which Discord has again.
  [[nodiscard]] net::task<base::result<bool>> ban_again(discord::guild_id guild, ban_timer ended);
  [[nodiscard]] net::task<jobs::job_outcome> not_ended(discord::guild_id guild, noted_ban ban,
                                                       base::error why);

  shard_services services_;
  case_book& book_;
  mod_log& log_;
};

}  // namespace guildfleet::features
