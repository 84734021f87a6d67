// The cases of servers, in the store. A case is written before what it tells of is done, so that nothing is
// done that no case tells of.
#pragma once

#include <optional>
#include <vector>

#include "features/moderation/mod_case.hpp"
#include "features/records.hpp"

namespace guildfleet::features {

// A ban that ends: for as long as it lasts.
struct timed_ban {
  std::uint64_t of_case = 0;
  std::uint64_t version = 0;  // of its record
};

// One per shard; the records outlive it. Errors: those of the records.
class case_book final {
 public:
  explicit case_book(record_port& records) : records_(records) {}

  // Gives the case its number and writes it. One event opens one case: if it comes again, as after a crash,
  // the case that it opened is the answer. A timed ban is noted with it, in place of one before; any other
  // ban or unban takes that note away.
  [[nodiscard]] net::task<base::result<mod_case>> open(discord::guild_id guild, mod_case wanted,
                                                       std::uint64_t event);
  // Discord has done it.
  net::task<> confirm(discord::guild_id guild, std::uint64_t number);
  // Discord has refused it: there is no such case, and its number is given to none. The note of its ban goes
  // too.
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
                                                                               std::string reason,
                                                                               discord::user_id by,
                                                                               base::wall_time now);

  // The ban's end that is noted; nullopt: none is.
  [[nodiscard]] net::task<base::result<std::optional<timed_ban>>> timed_ban_of(discord::guild_id guild,
                                                                               discord::user_id member);
  // It is over. False: somebody was faster, or the member was banned anew.
  [[nodiscard]] net::task<base::result<bool>> forget_ban(discord::guild_id guild, discord::user_id member,
                                                         timed_ban over);

 private:
  [[nodiscard]] net::task<base::result<std::optional<mod_case>>> opened_by(discord::guild_id guild,
                                                                           std::uint64_t event);

  record_port& records_;
};

}  // namespace guildfleet::features
