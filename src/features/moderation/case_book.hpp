// The cases of servers, in the store. A case is written before what it tells of is done, so that nothing is
// done that no case tells of.
#pragma once

#include <optional>
#include <vector>

#include "features/moderation/mod_case.hpp"
#include "features/records.hpp"

namespace guildfleet::features {

// The end of a member's ban: of the last one that Discord has confirmed, or of one that it is being asked for
// where no other end was noted.
struct noted_ban {
  std::uint64_t number = 0;  // its case
  base::wall_time until{};
  std::string keeper{};       // the bot whose timer ends it
  std::uint64_t version = 0;  // of its record
};

// One per shard; the records outlive it. What belongs together is changed together. Errors: those of the
// records.
class case_book final {
 public:
  // `bot` keeps the ends of the bans that are opened here.
  case_book(record_port& records, std::string bot) : records_(records), bot_(std::move(bot)) {}

  // Gives the case its number and writes it. One event opens one case: if it comes again, as after a crash,
  // the case that it opened is the answer. A ban's end is noted with it if none is.
  [[nodiscard]] net::task<base::result<mod_case>> open(discord::guild_id guild, mod_case wanted,
                                                       std::uint64_t event);
  // The case that an event has opened, within a day; nullopt: none.
  [[nodiscard]] net::task<base::result<std::optional<mod_case>>> opened_by(discord::guild_id guild,
                                                                           std::uint64_t event);
  // Discord has done it; of a purge, as much as `done` says. The end of a ban takes the place of the one that
  // was noted; of a ban without an end, and of an unban, there is none from here on. What a later case has
  // made of it stays.
  [[nodiscard]] net::task<base::result<void>> confirm(discord::guild_id guild, mod_case done);
  // Discord has refused it: there is no such case, its number is given to none, and an end that was noted
  // before is as it was.
  net::task<> withdraw(discord::guild_id guild, mod_case refused, std::uint64_t event);

  [[nodiscard]] net::task<base::result<std::optional<mod_case>>> find(discord::guild_id guild,
                                                                      std::uint64_t number);
  // The newest first. `member` empty: of all.
  [[nodiscard]] net::task<base::result<std::vector<mod_case>>> latest(discord::guild_id guild,
                                                                      discord::user_id member,
                                                                      std::size_t most);
  // nullopt: there is no such case.
  [[nodiscard]] net::task<base::result<std::optional<mod_case>>> change_reason(discord::guild_id guild,
                                                                               std::uint64_t number,
                                                                               new_reason with);

  // nullopt: none is noted.
  [[nodiscard]] net::task<base::result<std::optional<noted_ban>>> ban_of(discord::guild_id guild,
                                                                         discord::user_id member);
  // It is over. False: somebody was faster, or the member was banned anew.
  [[nodiscard]] net::task<base::result<bool>> forget_ban(discord::guild_id guild, discord::user_id member,
                                                         noted_ban over);
  // All that are noted in these guilds, from here on kept by this bot.
  struct ban_of_member {
    discord::guild_id guild;
    discord::user_id member;
    noted_ban noted;
    bool was_anothers = false;  // another bot kept it until now
  };
  [[nodiscard]] net::task<base::result<std::vector<ban_of_member>>> take_over_bans(
      std::vector<discord::guild_id> guilds);

 private:
  record_port& records_;
  std::string bot_;
};

}  // namespace guildfleet::features
