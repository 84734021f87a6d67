#include "fleet/error.hpp"

namespace guildfleet::fleet {

std::string_view sentence(fleet_error value) {
  switch (value) {
    case fleet_error::identify_budget:
      return "no new session is started, to keep Discord from resetting the token";
    case fleet_error::lease_times:
      return "the lease would expire before it could be renewed twice";
  }
  return "unknown error";
}

}  // namespace guildfleet::fleet
