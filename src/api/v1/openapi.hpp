// The API's description, made from the table of what it can be asked and from the schemas of settings.
#pragma once

#include "api/v1/call.hpp"
#include "settings/schema.hpp"

namespace guildfleet::api::v1 {

// OpenAPI 3.1.
[[nodiscard]] json::object openapi_document(const settings::schema_catalogue& schemas);

}  // namespace guildfleet::api::v1
