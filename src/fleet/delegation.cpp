#include "fleet/delegation.hpp"

namespace guildfleet::fleet {

bool same(const delegation& one, const delegation& other) {
  return one.release == other.release && one.guest == other.guest &&
         one.owner.identity == other.owner.identity &&
         one.owner.report.address == other.owner.report.address && one.places.whole == other.places.whole &&
         one.places.delegating == other.places.delegating &&
         one.places.delegated_share == other.places.delegated_share && one.salt == other.salt &&
         one.chosen == other.chosen;
}

}  // namespace guildfleet::fleet
