// From a panel's button to a ticket's channel.
#pragma once

#include "features/ticket/ticket_office.hpp"

namespace guildfleet::features {

// One per feature and shard, on its reactor.
class ticket_opening final {
 public:
  explicit ticket_opening(ticket_office& office) : office_(office) {}

  // A button was pressed: asks what it is about.
  net::task<> ask(interaction_call call);
  // The form was sent. What was begun goes on when the same interaction comes again after a crash.
  net::task<> open(interaction_call call);

  // An opening that a process left has a timer that settles it, for when its interaction does not come again.
  // False: it could not be kept.
  [[nodiscard]] net::task<bool> settle_left(discord::guild_id guild, ticket_record what);
  // Finds its channel and opens it, or forgets the ticket that came to none.
  [[nodiscard]] net::task<jobs::job_outcome> settle(job_call call);

 private:
  // Says what the bot lacks, and reports it. False: nothing.
  [[nodiscard]] net::task<bool> lacks_permissions(interaction_call call);
  // Those of the member whose channel exists no more give their place back. True: one did.
  [[nodiscard]] net::task<bool> drop_vanished(interaction_call call, std::vector<ticket_record> tickets);
  net::task<> furnish(interaction_call call, ticket_record what, ticket_settings settings);
  [[nodiscard]] net::task<base::result<discord::channel_id>> make_channel(interaction_call call,
                                                                          ticket_record of,
                                                                          ticket_settings settings);
  net::task<> report_what_is_gone(discord::guild_id guild, ticket_settings settings);
  net::task<> give_up(interaction_call call, ticket_record what, base::error why);
  net::task<bool> settle_at(discord::guild_id guild, ticket_record what, base::wall_time due,
                            store::schedule_mode mode);
  [[nodiscard]] net::task<base::result<void>> adopt(effect_port& effects, discord::guild_id guild,
                                                    ticket_record what);
  net::task<> welcome(effect_port& effects, effect_origin origin, discord::guild_id guild, ticket_record of,
                      ticket_settings settings);
  net::task<> note_opened(effect_port& effects, effect_origin origin, discord::guild_id guild,
                          ticket_record of);

  ticket_office& office_;
};

}  // namespace guildfleet::features
