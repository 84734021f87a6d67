// A store as it is, looked at without changing anything: for people who ask before they migrate.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/migration.hpp"

namespace guildfleet::store {

enum class schema_state {
  absent,     // no file, or no tables yet: a node makes them when it starts
  current,    // as this release makes it
  older,      // a node, or `guildfleet db migrate`, takes the missing steps
  newer,      // of a later release, and this one may work with it
  unreadable  // of a later release that took something away
};

struct schema_look {
  schema_state state = schema_state::absent;
  std::string place;        // for people; holds no password
  int found = 0;            // version of the tables; 0: none
  int known = 0;            // version that this release makes
  std::uint64_t bytes = 0;  // without tables that somebody has locked: measuring them would wait
};

// Of a component's version, as it was read, and its steps, as this release knows them.
[[nodiscard]] inline schema_state state_of(const schema_version& found, int known) {
  if (found.version == 0) return schema_state::absent;
  if (found.version == known) return schema_state::current;
  if (found.version < known) return schema_state::older;
  return known >= found.readable_from ? schema_state::newer : schema_state::unreadable;
}

[[nodiscard]] inline schema_look look_of(const std::vector<schema_version>& all,
                                         const component_tables& tables) {
  const auto found = std::ranges::find(all, tables.component, &schema_version::component);
  const schema_version version = found == all.end() ? schema_version{} : *found;
  schema_look out;
  out.known = tables.migrations.empty() ? 0 : tables.migrations.back().version;
  out.found = version.version;
  out.state = state_of(version, out.known);
  return out;
}

// Both block. Errors: store_error; corrupt, not_a_store, unreachable, refused, ...
[[nodiscard]] base::result<schema_look> look_at_sqlite(const std::string& path);
[[nodiscard]] base::result<schema_look> look_at_postgres(const base::secret& url, const base::clock& clock);

}  // namespace guildfleet::store
