// What is done in a ticket's channel: by /ticket, and by the buttons there.
#pragma once

#include "features/ticket/ticket_deletion.hpp"

namespace guildfleet::features {

// One per feature and shard, on its reactor.
class ticket_desk final {
 public:
  explicit ticket_desk(ticket_office& office);

  // `action`: a subcommand's name, or a button's.
  net::task<> act(interaction_call call, std::string action);
  // An answer to "are you sure?".
  net::task<> on_flow(interaction_call call, discord::custom_id id);

 private:
  // The ticket of the channel, and what its server set.
  struct case_file {
    ticket_record of{};
    ticket_settings settings{};
    bool by_staff = false;
  };
  // nullopt: it is none, or this member may not; and was told so.
  [[nodiscard]] net::task<std::optional<case_file>> look_up(interaction_call call, bool for_its_user);
  net::task<> carry_out(interaction_call call, std::string action, case_file file);

  net::task<> claim(interaction_call call, case_file file);
  net::task<> add(interaction_call call, case_file file);
  net::task<> close(interaction_call call, case_file file, std::string reason);
  net::task<> reopen(interaction_call call, case_file file);
  net::task<> give_transcript(interaction_call call, case_file file);
  net::task<> pause_deletion(interaction_call call, case_file file);
  net::task<> resume_deletion(interaction_call call, case_file file);

  // Into the channel, to write there while the ticket is open. The last problem; all are reported.
  [[nodiscard]] net::task<base::result<void>> let_in(discord::guild_id guild, ticket_record of,
                                                     std::vector<discord::user_id> who);
  net::task<> note_closing(interaction_call call, case_file file, std::string reason);
  // The line that an earlier attempt may have posted.
  [[nodiscard]] net::task<base::result<std::optional<std::string>>> find_line(discord::channel_id in,
                                                                              discord::interaction_id since,
                                                                              std::string content);
  // Into the ticket; `number` of the interaction's effects.
  net::task<> post(interaction_call call, std::uint32_t number, ticket_record of, discord::message_body body);

  ticket_office& office_;
  ticket_deletion deletion_;
};

}  // namespace guildfleet::features
