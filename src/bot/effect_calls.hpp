// The calls to Discord that effects of events and of jobs have in common.
#pragma once

#include <optional>
#include <string>

#include "bot/effect_desk.hpp"

namespace guildfleet::bot {

// Does it and counts it; the answer's `id`. `first`: nobody has tried before.
[[nodiscard]] net::task<base::result<std::string>> perform_effect(const effect_surroundings& with,
                                                                  discord::request request, bool first);

// The bot's own message that an attempt may have posted `ago` at the earliest; its id. `sent`: what was
// tried, with its nonce.
[[nodiscard]] net::task<base::result<std::optional<std::string>>> find_posted(const effect_surroundings& with,
                                                                              discord::channel_id channel,
                                                                              std::chrono::milliseconds ago,
                                                                              discord::message_body sent);
// Whose the message is that an effect has made; its id.
[[nodiscard]] discord::message_id note_posted(const effect_surroundings& with, const std::string& made,
                                              std::string nonce);

}  // namespace guildfleet::bot
