#include "store/rows.hpp"

namespace guildfleet::store {

node_identity make_node_identity(std::string name, base::random_source& random) {
  return {.name = std::move(name), .incarnation = (random.next() >> 1U) | 1U};
}

}  // namespace guildfleet::store
