#include "settings/schema.hpp"

#include <algorithm>

namespace guildfleet::settings {

schema_catalogue::schema_catalogue(std::span<const feature_schema* const> schemas)
    : by_name_(schemas.begin(), schemas.end()) {
  std::ranges::sort(by_name_, {}, &feature_schema::feature);
}

const feature_schema* schema_catalogue::find(std::string_view feature) const {
  const auto found = std::ranges::lower_bound(by_name_, feature, {}, &feature_schema::feature);
  return found != by_name_.end() && (*found)->feature == feature ? *found : nullptr;
}

}  // namespace guildfleet::settings
