// How commands answer: outcomes, people and times as Discord shows them.
#pragma once

#include <string>

#include "features/feature.hpp"
#include "features/message_template.hpp"

namespace guildfleet::features {

// A user's id as a mention, anything else as it is.
[[nodiscard]] std::string shown_author(const store::change_author& author);

[[nodiscard]] store::change_author author_of(const interaction_call& call, store::change_origin origin);

// What became of a change of the settings of `feature`, for the one who made it; an undo may be of any: "".
[[nodiscard]] std::string told(const base::result<settings::change_result>& outcome,
                               const settings::schema_catalogue& schemas, std::string_view feature,
                               language user);

// Answers privately, shortened to what a message may hold.
[[nodiscard]] net::task<> say(interaction_call call, std::string content);

}  // namespace guildfleet::features
