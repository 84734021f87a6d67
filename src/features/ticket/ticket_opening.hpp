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

 private:
  // Says what the bot lacks, and reports it. False: nothing.
  [[nodiscard]] net::task<bool> lacks_permissions(interaction_call call);
  // Those of the member whose channel exists no more give their place back. True: one did.
  [[nodiscard]] net::task<bool> drop_vanished(interaction_call call, std::vector<ticket_record> tickets);
  [[nodiscard]] net::task<base::result<discord::channel_id>> make_channel(interaction_call call,
                                                                          ticket_record of,
                                                                          ticket_settings settings);
  net::task<> greet(interaction_call call, ticket_record of, ticket_settings settings);

  ticket_office& office_;
};

}  // namespace guildfleet::features
