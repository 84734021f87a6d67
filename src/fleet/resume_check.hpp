// Whether a stored session may be resumed by what runs now.
#pragma once

#include <cstdint>
#include <string_view>

#include "store/rows.hpp"

namespace guildfleet::fleet {

enum class resume_obstacle { none, no_session, other_token, missing_intents };
[[nodiscard]] std::string_view name_of(resume_obstacle obstacle);

// What this run needs of a session. The shard is no part of it: the ledger is keyed by index and count, so
// after a change of the shard count there is no row to resume from.
struct session_needs {
  std::uint64_t intents = 0;
  std::string_view token_fingerprint;
};

// A session keeps the intents and the token that it was identified with: the needed intents must be a subset
// of the stored ones, the token the same.
[[nodiscard]] resume_obstacle obstacle_to_resume(const store::session_row& row, const session_needs& needs);

[[nodiscard]] inline bool may_resume(const store::session_row& row, const session_needs& needs) {
  return obstacle_to_resume(row, needs) == resume_obstacle::none;
}

}  // namespace guildfleet::fleet
