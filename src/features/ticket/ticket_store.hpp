// The tickets of servers as records. How many a member may have open is a matter of unique keys, "slots":
// however many requests come at once, no more are taken than there are.
#pragma once

#include <functional>
#include <variant>

#include "features/records.hpp"
#include "features/ticket/ticket_record.hpp"

namespace guildfleet::features {

// The member has as many as allowed: these.
struct at_maximum {
  std::vector<ticket_record> tickets;
};
// The interaction came again after its ticket has come and gone.
struct opened_before {};
using opened_ticket = std::variant<ticket_record, at_maximum, opened_before>;

// What became of a change.
struct ticket_change {
  std::optional<ticket_record> now{};  // nullopt: there is no such ticket
  bool done = false;                   // false: `apply` left it as it is
  bool no_slot = false;                // its user has as many as allowed; nothing was changed
};

enum class slot_use { keep, release, take };

// One per feature and shard. Errors: those of the records; store_error::busy when others were faster every
// time.
class ticket_store final {
 public:
  explicit ticket_store(record_port& records) : records_(records) {}

  // A ticket in state opening that holds a slot of its user; one for each interaction (`draft.changed_by`),
  // however often that comes.
  [[nodiscard]] net::task<base::result<opened_ticket>> open(discord::guild_id guild, ticket_record draft,
                                                            std::size_t most);
  // Its channel is made: it is open. False: it is gone, or has another channel.
  [[nodiscard]] net::task<base::result<bool>> attach(discord::guild_id guild, std::uint64_t number,
                                                     discord::channel_id channel);

  [[nodiscard]] net::task<base::result<std::optional<ticket_record>>> get(discord::guild_id guild,
                                                                          std::uint64_t number);
  [[nodiscard]] net::task<base::result<std::optional<ticket_record>>> in_channel(discord::guild_id guild,
                                                                                 discord::channel_id channel);
  struct of_guild {
    discord::guild_id guild;
    ticket_record ticket;
  };
  // Of these guilds, by number.
  [[nodiscard]] net::task<base::result<std::vector<of_guild>>> all(std::vector<discord::guild_id> guilds);

  // `apply` may run more than once, each time on the ticket as it is by then; false: it stays.
  using apply_function = std::function<bool(ticket_record&)>;
  [[nodiscard]] net::task<base::result<ticket_change>> change(discord::guild_id guild, std::uint64_t number,
                                                              apply_function apply,
                                                              slot_use slot = slot_use::keep,
                                                              std::size_t most = most_open_tickets);
  // The ticket and all that hangs on it.
  [[nodiscard]] net::task<base::result<void>> erase(discord::guild_id guild, std::uint64_t number);

 private:
  struct slot_view;
  [[nodiscard]] net::task<base::result<slot_view>> slots_of(discord::guild_id guild, discord::user_id user);

  record_port& records_;
};

}  // namespace guildfleet::features
