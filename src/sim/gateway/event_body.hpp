// The text of a dispatch, written once and shared by every session that gets it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sim/ports.hpp"

namespace guildfleet::sim {

// `d` of a dispatch. Immutable once shared.
struct event_text {
  std::string type;
  std::string data;
  // 19 digits of `data` that stand for an id of the single event, so that generated traffic shares one text
  // and still has an id per message. 0: none.
  std::size_t id_offset = 0;
};

struct event_body {
  std::shared_ptr<const event_text> text;
  id patched_id = 0;  // written at id_offset when that is not 0
};

inline constexpr std::size_t patched_id_digits = 19;

[[nodiscard]] event_body make_event_body(std::string type, const boost::json::object& data);

// Appends {"t":..,"s":..,"op":0,"d":..}, in the order Discord writes the members. `unknown_fields`: adds
// members that no client knows, to the envelope and to `d`.
void append_dispatch(std::string& out, const event_body& body, std::uint64_t sequence,
                     bool unknown_fields = false);

// One event with what decides who gets it. `blanked` is the text for sessions without MESSAGE_CONTENT.
struct prepared_event {
  event_body full;
  std::optional<event_body> blanked;
  std::optional<id> guild;
  std::uint64_t any_of_intents = 0;
  std::optional<id> only_bot;
  // For the exceptions of blanking and of GUILD_MEMBER_UPDATE.
  id author = 0;             // of a message
  std::vector<id> mentions;  // users a message mentions
  id subject = 0;            // the user of a GUILD_MEMBER_UPDATE
};

[[nodiscard]] prepared_event prepare_event(world_event event);

// Which text this session gets; nullptr: none. `bot_user` is the recipient.
[[nodiscard]] const event_body* body_for(const prepared_event& event, id bot_user, std::uint64_t intents);

}  // namespace guildfleet::sim
