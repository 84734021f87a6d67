// Counts over the bots of an environment as JSON; the command line shows the same.
#pragma once

#include <boost/json/object.hpp>

#include "store/data_rows.hpp"

namespace guildfleet::api::v1 {

[[nodiscard]] boost::json::object counts_json(const store::fleet_counts& counts);

// `more` of another store added to `into`: bots of a fleet may keep their data apart.
void add_counts(store::fleet_counts& into, store::fleet_counts more);

}  // namespace guildfleet::api::v1
