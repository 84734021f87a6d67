// Events for load: written once from the world's own guilds, members and channels, and sent many times with
// an id of their own each.
#pragma once

#include <span>

#include "base/random.hpp"
#include "sim/gateway/event_body.hpp"

namespace guildfleet::sim {

class world;

struct template_settings {
  std::size_t message_bytes = 1'200;  // size of a MESSAGE_CREATE's `d`, about
  std::size_t most_guilds = 256;      // texts are made for so many guilds at most
  bool messages_only = false;         // else typing, reactions and presences too, about 6 : 2 : 1 : 1
};

// Templates of these guilds; empty when none of them has a text channel and a member. MESSAGE_CREATE and
// MESSAGE_REACTION_ADD have a patched message id.
[[nodiscard]] std::vector<prepared_event> make_templates(const world& owner, std::span<const id> guilds,
                                                         template_settings settings,
                                                         base::random_source& random);

// A MESSAGE_CREATE with this content in the first guild that has a channel: marks the end of a feed.
[[nodiscard]] std::optional<event_body> make_marker(const world& owner, std::span<const id> guilds,
                                                    std::string_view content, id message);

}  // namespace guildfleet::sim
