// The stores that a configuration names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ops/fleet_config.hpp"
#include "store/copy/table_side.hpp"
#include "store/schema_look.hpp"

namespace guildfleet::cli {

struct configured_store {
  std::string bot;   // one that has its data there
  std::string path;  // empty: the server of store.database_url
};

// Files, each once, behind the server.
[[nodiscard]] std::vector<configured_store> stores_of(const ops::fleet_config& config);

// Changes nothing. Blocks. Errors: store_error.
[[nodiscard]] base::result<store::schema_look> look_at(const ops::fleet_config& config,
                                                       const configured_store& which,
                                                       const base::clock& clock);

// Brings the tables up to this release. Blocks. Errors: store_error.
[[nodiscard]] base::result<std::unique_ptr<store::table_side>> open_configured(
    const ops::fleet_config& config, const configured_store& which, const base::clock& clock);

}  // namespace guildfleet::cli
