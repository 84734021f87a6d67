// A feature's settings as JSON Schema (draft 2020-12), for the API's OpenAPI document and the dashboard.
#pragma once

#include "settings/document.hpp"
#include "settings/schema.hpp"

namespace guildfleet::settings {

enum class schema_use { document, patch };  // a patch may say null: not set any more

[[nodiscard]] json::object json_schema(const feature_schema& schema, base::language which,
                                       schema_use use = schema_use::document);

}  // namespace guildfleet::settings
