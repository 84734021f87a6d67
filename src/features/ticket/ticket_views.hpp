// Messages and forms of tickets. Pure.
#pragma once

#include "discord/rest/message_body.hpp"
#include "features/text.hpp"
#include "features/ticket/ticket_record.hpp"

namespace guildfleet::features::ticket_views {

struct panel_words {
  std::string title{};
  std::string text{};
  std::string button{};  // empty: "Open a ticket"
};
[[nodiscard]] discord::message_body panel(const panel_words& words, language in);

// The first message of a ticket: only it mentions somebody, and only the staff, where that is set.
[[nodiscard]] discord::message_body welcome(const ticket_record& what, const ticket_settings& settings,
                                            std::string_view server, language in);
// `due`: when it is deleted by itself.
[[nodiscard]] discord::message_body closed(discord::user_id by, std::string_view reason,
                                           std::optional<base::wall_time> due, language in);
[[nodiscard]] discord::message_body reopened(discord::user_id by, language in);
[[nodiscard]] discord::message_body plain_message(std::string content);

[[nodiscard]] discord::modal subject_form(language in);
[[nodiscard]] discord::modal close_form(language in);

}  // namespace guildfleet::features::ticket_views
