#include "fleet/resume_check.hpp"

namespace guildfleet::fleet {

std::string_view name_of(resume_obstacle obstacle) {
  switch (obstacle) {
    case resume_obstacle::none:
      return "none";
    case resume_obstacle::no_session:
      return "no session";
    case resume_obstacle::other_token:
      return "other token";
    case resume_obstacle::missing_intents:
      return "missing intents";
  }
  return "unknown";
}

resume_obstacle obstacle_to_resume(const store::session_row& row, const session_needs& needs) {
  if (row.session_id.empty()) return resume_obstacle::no_session;
  if (row.token_fingerprint != needs.token_fingerprint) return resume_obstacle::other_token;
  if ((needs.intents & ~row.intents) != 0) return resume_obstacle::missing_intents;
  return resume_obstacle::none;
}

}  // namespace guildfleet::fleet
