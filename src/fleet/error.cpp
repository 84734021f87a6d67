#include "fleet/error.hpp"

namespace guildfleet::fleet {

std::string_view sentence(fleet_error value) {
  switch (value) {
    case fleet_error::identify_budget:
      return "no new session is started, to keep Discord from resetting the token";
    case fleet_error::lease_times:
      return "the lease would expire before it could be renewed twice";
    case fleet_error::rollout_settings:
      return "the rollout cannot be carried out";
    case fleet_error::rollout_command:
      return "this cannot be done now";
    case fleet_error::rollout_text:
      return "the stored rollout cannot be read";
    case fleet_error::reshard_settings:
      return "the bot cannot be given this number of shards";
    case fleet_error::reshard_command:
      return "this cannot be done now";
    case fleet_error::reshard_text:
      return "the stored reshard cannot be read";
  }
  return "unknown error";
}

}  // namespace guildfleet::fleet
