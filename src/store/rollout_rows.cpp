#include "store/rollout_rows.hpp"

#include <fmt/format.h>

#include "store/error.hpp"
#include "store/stored_text.hpp"

namespace guildfleet::store {

base::result<void> check_size(std::string_view what, const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return {};
  return base::fail(store_error::too_large, fmt::format("{}: {} bytes, at most {}", what, text.size(), limit),
                    "Please report this with the log.");
}

rollout_event bounded(const rollout_event& event) {
  return {.who = stored_text(event.who, longest_name),
          .kind = stored_text(event.kind, longest_name),
          .text = stored_text(event.text, longest_event_text)};
}

}  // namespace guildfleet::store
