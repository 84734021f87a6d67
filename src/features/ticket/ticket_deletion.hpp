// A ticket that a member of the staff deletes: the question, and what is done after the answer.
#pragma once

#include "features/flow.hpp"
#include "features/ticket/ticket_office.hpp"

namespace guildfleet::features {

// One per feature and shard, on its reactor.
class ticket_deletion final {
 public:
  explicit ticket_deletion(ticket_office& office);

  // "Are you sure?"
  net::task<> ask(interaction_call call, ticket_record of);
  // The answer to it. Of several at once one deletes the ticket; the others are told that it is under way.
  net::task<> on_flow(interaction_call call, discord::custom_id id);

 private:
  // What to answer; texts::being_deleted: this interaction is who deletes it.
  [[nodiscard]] net::task<const text*> begin(interaction_call call, std::uint64_t number);
  net::task<> go_on(interaction_call call, std::uint64_t number);

  ticket_office& office_;
  flow_desk flows_;
};

}  // namespace guildfleet::features
