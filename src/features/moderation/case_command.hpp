// /case: the cases of a server, read and given better reasons.
#pragma once

#include "features/feature.hpp"
#include "features/moderation/case_book.hpp"

namespace guildfleet::features {

// One per shard; what it is given outlives it.
class case_command final {
 public:
  case_command(const shard_services& services, case_book& book) : clock_(services.clock), book_(book) {}

  net::task<> run(interaction_call call);
  net::task<> suggest(interaction_call call);

 private:
  net::task<> view(interaction_call call);
  net::task<> list(interaction_call call);
  net::task<> change_reason(interaction_call call);

  const base::clock& clock_;
  case_book& book_;
};

}  // namespace guildfleet::features
