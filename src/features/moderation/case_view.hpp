// Cases as people see them. Pure.
#pragma once

#include <string>

#include "discord/rest/message_body.hpp"
#include "features/moderation/mod_case.hpp"
#include "features/text.hpp"

namespace guildfleet::features {

[[nodiscard]] const text& title_of(mod_action what);
// Nothing in it mentions anybody. `with_history`: with the reasons that it had.
[[nodiscard]] discord::embed shown_case(const mod_case& one, language in, bool with_history);
[[nodiscard]] std::string case_line(const mod_case& one, language in);
// To the moderator, once it is done.
[[nodiscard]] std::string done_sentence(const mod_case& one, language in);
// To the member; empty: members are not told of it.
[[nodiscard]] std::string told_to_member(const mod_case& one, std::string_view server, language in);

}  // namespace guildfleet::features
