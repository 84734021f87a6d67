// /ticket-setup: panels, staff roles, options.
#pragma once

#include "features/ticket/ticket_office.hpp"

namespace guildfleet::features {

// One per feature and shard, on its reactor.
class ticket_setup final {
 public:
  explicit ticket_setup(ticket_office& office) : office_(office) {}

  net::task<> on_command(interaction_call call);

 private:
  net::task<> post_panel(interaction_call call);
  net::task<> change_staff(interaction_call call);
  net::task<> change_options(interaction_call call);
  // Why the bot cannot use a channel that was chosen, to who chose it; empty: it can.
  [[nodiscard]] std::string obstacle_to(interaction_call call) const;
  net::task<> edit(interaction_call call, settings::edit_function apply);

  ticket_office& office_;
};

}  // namespace guildfleet::features
