// How a shard speaks to the node that gets it.
#pragma once

#include <functional>

#include "net/io.hpp"
#include "peer/handover_words.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::bot {

// On any reactor; false: it was not heard. Empty: this node knows no other.
struct handover_link {
  std::function<net::task<bool>(store::node_row, peer::handover_note)> say_note{};
  std::function<net::task<bool>(store::node_row, peer::handover_word)> say_word{};
};

}  // namespace guildfleet::bot
